"""What saved searches can be filtered by."""

from api.filters import ChoiceFilter, FilterSet
from search.models import SavedSearch


class SavedSearchFilter(FilterSet):
    page = ChoiceFilter(choices=SavedSearch.Page.choices)

    class Meta:
        model = SavedSearch
        fields = []
