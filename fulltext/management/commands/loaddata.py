from django.core.management.commands import loaddata

from fulltext.indexing import gathering


class Command(loaddata.Command):
    """Django's own; what it loads can be searched when it is done."""

    def loaddata(self, fixture_labels):
        with gathering():
            super().loaddata(fixture_labels)
