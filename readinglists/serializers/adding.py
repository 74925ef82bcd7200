"""Many items added at once: the answer, by index."""

from rest_framework import serializers

from readinglists.serializers.items import ItemSerializer


class MistakeSerializer(serializers.Serializer):
    field = serializers.CharField(allow_null=True)
    code = serializers.CharField()
    detail = serializers.CharField()


class AddedItemSerializer(serializers.Serializer):
    index = serializers.IntegerField()
    status = serializers.ChoiceField([201, 400, 409], help_text="what one by itself would get")
    outcome = serializers.ChoiceField(["added", "proposed", "already", "refused"])
    item = ItemSerializer(allow_null=True)
    existing = serializers.UUIDField(allow_null=True, help_text="the item that is there already")
    errors = MistakeSerializer(many=True)  # type: ignore[assignment]


class AddedSerializer(serializers.Serializer):
    list_version = serializers.IntegerField()
    results = AddedItemSerializer(many=True)
