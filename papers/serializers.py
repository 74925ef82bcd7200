"""What the schema says of papers and topics; `rows.py` makes the answers."""

from rest_framework import serializers

from api.bodies import Body, OneOfField
from api.filters import LARGEST_ID
from papers.merging import TAKEABLE
from papers.models import Identifier, Paper
from papers.places import KINDS
from papers.related import WEIGHT


class AuthorSerializer(serializers.Serializer):
    name = serializers.CharField(help_text="as printed")
    orcid = serializers.CharField(allow_null=True)


class IdentifierSerializer(serializers.Serializer):
    scheme = serializers.ChoiceField(Identifier.Scheme.choices)
    value = serializers.CharField()


class PaperSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(Paper.Kind.choices)
    title = serializers.CharField()
    title_source = serializers.ChoiceField(
        Paper.TitleSource.choices, help_text="whose words the title is in"
    )
    authors = AuthorSerializer(many=True)
    published = serializers.RegexField(
        r"^\d{4}(-\d{2}(-\d{2})?)?$", allow_null=True, help_text="year, month or day: what is known"
    )
    published_on = serializers.DateField(allow_null=True, help_text="null unless a day is known")
    venue = serializers.CharField(allow_null=True)
    abstract = serializers.CharField(allow_null=True)
    citation_key = serializers.CharField(help_text="minted once, never changed")
    identifiers = IdentifierSerializer(many=True)
    url = serializers.URLField(allow_null=True)
    pdf_url = serializers.URLField(allow_null=True)
    code_url = serializers.URLField(allow_null=True)
    topics = serializers.ListField(child=serializers.SlugField())
    mention_count = serializers.IntegerField(min_value=0)
    editor_note = serializers.CharField(allow_null=True)
    is_retracted = serializers.BooleanField(help_text="or withdrawn by its authors")
    retraction_note = serializers.CharField(
        allow_null=True, help_text="since when, and who says so"
    )
    retraction_url = serializers.URLField(allow_null=True, help_text="where it is announced")
    web_url = serializers.URLField()


class MentionSerializer(serializers.Serializer):
    """A link of an issue to the paper; outside entries it has an issue alone."""

    entry = serializers.IntegerField(allow_null=True)
    issue = serializers.IntegerField()
    topic = serializers.SlugField(allow_null=True)
    kind = serializers.CharField(allow_null=True, help_text="of the entry")
    role = serializers.CharField()
    label = serializers.CharField(allow_null=True)
    editor_note = serializers.CharField(allow_null=True)
    web_url = serializers.URLField()


class PaperLinkSerializer(serializers.Serializer):
    """A version of the work, or what belongs to it: its code, a video, a discussion."""

    kind = serializers.ChoiceField(list(KINDS.items()))
    name = serializers.CharField()
    url = serializers.URLField()


class ReasonSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(list(WEIGHT), help_text="what both papers share")
    text = serializers.CharField(help_text="the reason in words")
    web_url = serializers.URLField(allow_null=True, help_text="where that is to be seen")


class RelatedPaperSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    title = serializers.CharField()
    published = serializers.CharField(allow_null=True)
    reason = ReasonSerializer()
    web_url = serializers.URLField()


class PaperDetailSerializer(PaperSerializer):
    former_keys = serializers.ListField(
        child=serializers.CharField(), help_text="citation keys that lead here too"
    )
    links = PaperLinkSerializer(many=True)
    mentions = MentionSerializer(many=True)
    related = RelatedPaperSerializer(many=True)


class TopicSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    slug = serializers.SlugField()
    name = serializers.CharField()
    description = serializers.CharField(allow_null=True)
    paper_count = serializers.IntegerField(min_value=0)
    entry_count = serializers.IntegerField(min_value=0)
    web_url = serializers.URLField()


class MergeBody(Body):
    into = serializers.IntegerField(
        min_value=1, max_value=LARGEST_ID, help_text="the paper that stays"
    )
    taken = serializers.ListField(
        child=OneOfField(choices=sorted(TAKEABLE)),
        default=list,
        max_length=len(TAKEABLE),
        help_text="fields whose value is the duplicate's; else the one that stays keeps its own",
    )


class MovedSerializer(serializers.Serializer):
    kind = serializers.CharField(help_text="of row")
    count = serializers.IntegerField(min_value=1)


class MergeSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    duplicate = serializers.IntegerField(help_text="a paper's id, which leads to `into`")
    into = serializers.IntegerField()
    taken = serializers.ListField(child=serializers.CharField())
    at = serializers.DateTimeField()
    split_at = serializers.DateTimeField(allow_null=True)
    moved = MovedSerializer(many=True)
    stayed = serializers.ListField(
        child=serializers.CharField(), help_text="what a split left, edited since the merge"
    )
