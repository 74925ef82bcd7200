"""What a merge makes of two papers, and what a split gives back when life has gone on."""

from datetime import date
from http import HTTPStatus

import pytest

from api.models import Change
from newsletter.models import Link
from papers.cataloguing import Mention, papers_for
from papers.merging import CannotMerge, CannotSplit, merge, split
from papers.models import CitationKeyAlias, Identifier, Merge, Paper
from readinglists.models import Item, Note, ReadingState
from tests import factories
from tests.papers.merging.shelf import make_list

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair() -> tuple[Paper, Paper]:
    """A preprint and the paper it was published as."""
    stays = factories.PaperFactory(title="Published", citation_key="ada2022published")
    preprint = factories.PaperFactory(title="A preprint", citation_key="ada2021preprint")
    return preprint, stays


class TestMerging:
    def test_empty_values_are_filled_and_others_stay(self, pair):
        preprint, stays = pair
        Paper.objects.filter(pk=stays.pk).update(venue="ICML", abstract="")
        Paper.objects.filter(pk=preprint.pk).update(
            venue="arXiv", abstract="What it says.", published_year=2021, published_month=3
        )
        merge(preprint, stays)
        stays.refresh_from_db()
        assert (stays.venue, stays.abstract) == ("ICML", "What it says.")
        assert stays.published == "2021-03"
        assert stays.citation_key == "ada2022published"
        assert stays.alternative_titles == ["A preprint"]

    def test_where_a_value_came_from_goes_along_and_comes_back(self, pair):
        preprint, stays = pair
        told = {"venue": {"service": "crossref"}, "title": {"service": "arxiv"}}
        Paper.objects.filter(pk=preprint.pk).update(venue="ICML", sources={"fields": told})
        made = merge(preprint, stays)
        stays.refresh_from_db()
        assert stays.sources == {"fields": {"venue": {"service": "crossref"}}}
        split(made)
        stays.refresh_from_db()
        assert stays.sources == {}

    def test_a_month_of_another_year_is_not_filled_in(self, pair):
        preprint, stays = pair
        Paper.objects.filter(pk=stays.pk).update(published_year=2022)
        Paper.objects.filter(pk=preprint.pk).update(published_year=2021, published_month=3)
        merge(preprint, stays)
        stays.refresh_from_db()
        assert stays.published == "2022"

    def test_a_locked_value_stays_even_where_it_is_empty(self, pair):
        preprint, stays = pair
        Paper.objects.filter(pk=stays.pk).update(locked_fields=["abstract", "topics"])
        preprint.abstract = "What it says."
        preprint.save()
        preprint.topics.add(factories.TopicFactory())
        merge(preprint, stays)
        stays.refresh_from_db()
        assert stays.abstract is None
        assert not stays.topics.exists()

    def test_what_was_chosen_or_edited_by_hand_is_locked_from_now_on(self, pair):
        preprint, stays = pair
        Paper.objects.filter(pk=preprint.pk).update(
            locked_fields=["venue"], venue="ICML", abstract="What it says."
        )
        merge(preprint, stays, taken=["title"])
        stays.refresh_from_db()
        assert stays.title == "A preprint"
        assert stays.alternative_titles == ["Published"]
        assert stays.locked_fields == ["title", "venue"]

    def test_all_keys_of_both_lead_to_the_paper_that_stays(self, client, pair):
        preprint, stays = pair
        CitationKeyAlias.objects.create(key="ada2020older", paper=preprint)
        merge(preprint, stays)
        for key in ("ada2022published", "ada2021preprint", "ada2020older"):
            assert client.get(f"/papers/by/key/{key}").url == stays.get_absolute_url()

    def test_the_former_address_redirects_everywhere(self, client, pair):
        preprint, stays = pair
        identifier = factories.IdentifierFactory(paper=preprint)
        merge(preprint, stays)
        assert client.get(preprint.get_absolute_url()).url == stays.get_absolute_url()
        named = client.get(f"/papers/by/arxiv/{identifier.value}")
        assert named.url == stays.get_absolute_url()
        answer = client.get(f"/api/v1/papers/{preprint.pk}/")
        assert answer.status_code == HTTPStatus.PERMANENT_REDIRECT
        assert answer.headers["Location"] == f"/api/v1/papers/{stays.pk}/"

    def test_mentions_of_both_stand_on_one_page_and_are_followed_as_changes(self, client, pair):
        preprint, stays = pair
        links = [factories.LinkFactory(paper=paper) for paper in pair]
        Change.objects.all().delete()
        merge(preprint, stays)
        page = client.get(stays.get_absolute_url()).text
        assert all(link.entry.headline in page for link in links)
        told = set(Change.objects.values_list("kind", "key", "verb"))
        assert {
            ("paper", str(preprint.pk), "deleted"),
            ("paper", str(stays.pk), "updated"),
            ("entry", str(links[0].entry_id), "updated"),
            ("issue", str(links[0].issue_id), "updated"),
        } <= told

    def test_a_later_import_finds_the_paper_that_stays(self, pair):
        preprint, stays = pair
        factories.IdentifierFactory(paper=preprint, value="2301.00001")
        merge(preprint, stays)
        mention = Mention("https://arxiv.org/abs/2301.00001", "Paper", "A headline", "primary")
        assert papers_for([mention]) == [stays]

    def test_the_search_follows_there_and_back(self, client):
        preprint = factories.PaperFactory(title="Zanzibar diaries")
        stays = factories.PaperFactory(title="Journals")

        def found() -> list[int]:
            answer = client.get("/api/v1/papers/?q=zanzibar").json()
            return [row["id"] for row in answer["results"]]

        assert found() == [preprint.pk]
        made = merge(preprint, stays)
        assert found() == [stays.pk]
        split(made)
        assert found() == [preprint.pk]

    def test_history_says_what_was_merged_and_by_whom(self, pair):
        preprint, stays = pair
        link = factories.LinkFactory(paper=preprint)
        grace = factories.UserFactory()
        stays.topics.add(factories.TopicFactory())
        made = merge(preprint, stays, by=grace)
        for row in (preprint, stays, link):
            version = row.history.latest()
            assert version.history_user == grace
            assert f"merge {made.pk}" in version.history_change_reason
        assert stays.history.latest().topics.count() == 1

    def test_a_list_that_holds_both_keeps_both_items_with_their_notes(self, pair):
        reader = factories.UserFactory()
        made = make_list(reader, *pair)
        version = made.version
        merge(*pair)
        made.refresh_from_db()
        assert set(Item.objects.values_list("paper", flat=True)) == {pair[1].pk}
        assert Note.objects.filter(item__reading_list=made).count() == 2
        assert made.version == version

    def test_a_reader_is_where_they_were_further(self, pair):
        preprint, stays = pair
        state = {"read": date(2023, 1, 2), "to_read": None}
        reader, other, third = (factories.UserFactory() for _ in range(3))
        for user, paper, said in (
            (reader, preprint, "read"),
            (reader, stays, "to_read"),
            (other, preprint, "to_read"),
            (other, stays, "read"),
            (third, preprint, "to_read"),
        ):
            ReadingState.objects.create(user=user, paper=paper, state=said, on=state[said])
        made = merge(preprint, stays)
        now = ReadingState.objects.filter(paper=stays)
        assert {s.user: (s.state, s.on) for s in now} == {
            reader: ("read", date(2023, 1, 2)),
            other: ("read", date(2023, 1, 2)),
            third: ("to_read", None),
        }
        split(made)
        assert ReadingState.objects.filter(paper=stays, user=reader).get().state == "to_read"

    @pytest.mark.parametrize("case", ["itself", "merged", "into_merged", "gone", "no_such_value"])
    def test_what_makes_no_sense_is_refused_in_words_and_changes_nothing(self, pair, case):
        preprint, stays = pair
        third = factories.PaperFactory()
        one, other, taken = {
            "itself": (stays, stays, ()),
            "merged": (preprint, third, ()),
            "into_merged": (third, preprint, ()),
            "gone": (third, Paper(pk=10**6), ()),
            "no_such_value": (third, stays, ["citation_key"]),
        }[case]
        merge(preprint, stays)
        with pytest.raises(CannotMerge):
            merge(one, other, taken=taken)
        assert Merge.objects.count() == 1


class TestSplitting:
    def test_what_was_edited_since_stays_and_is_named(self, pair):
        preprint, stays = pair
        Paper.objects.filter(pk=preprint.pk).update(abstract="Old words.", venue="ICML")
        made = merge(preprint, stays)
        Paper.objects.filter(pk=stays.pk).update(abstract="New words.")
        done = split(made)
        stays.refresh_from_db()
        assert (stays.abstract, stays.venue) == ("New words.", None)
        assert done.stayed == ["paper “Published” was edited since: abstract"]
        assert done.merge.stayed == done.stayed

    def test_a_title_added_since_stays_without_those_of_the_merge(self, pair):
        preprint, stays = pair
        made = merge(preprint, stays)
        titles = ["A preprint", "By hand"]
        Paper.objects.filter(pk=stays.pk).update(alternative_titles=titles)
        assert split(made).stayed == []
        stays.refresh_from_db()
        assert stays.alternative_titles == ["By hand"]

    def test_what_was_moved_on_or_deleted_since_stays_so(self, pair):
        preprint, stays = pair
        third = factories.PaperFactory()
        moved = factories.LinkFactory(paper=preprint)
        kept = factories.LinkFactory(paper=preprint)
        gone = factories.IdentifierFactory(paper=preprint)
        made = merge(preprint, stays)
        Link.objects.filter(pk=moved.pk).update(paper=third)
        Identifier.objects.filter(pk=gone.pk).delete()
        stayed = split(made).stayed
        assert len(stayed) == 2
        assert Link.objects.get(pk=moved.pk).paper == third
        assert Link.objects.get(pk=kept.pk).paper == preprint

    def test_nobody_hears_whose_list_or_reading_state_stays(self, pair):
        preprint, stays = pair
        reader = factories.UserFactory(username="secretive")
        state = ReadingState.objects.create(user=reader, paper=preprint, state="to_read")
        made_list = make_list(reader, preprint)
        Item.objects.update(title="A secret title")
        made = merge(preprint, stays)
        ReadingState.objects.filter(pk=state.pk).update(paper=factories.PaperFactory())
        Item.objects.filter(reading_list=made_list).update(paper=factories.PaperFactory())
        stayed = split(made).stayed
        assert len(stayed) == 2
        assert not any("secret" in text for text in stayed)

    def test_what_no_longer_fits_stays_and_the_rest_goes_back(self, pair):
        preprint, stays = pair
        Paper.objects.filter(pk=preprint.pk).update(published_year=2021, venue="ICML")
        made = merge(preprint, stays)
        Paper.objects.filter(pk=stays.pk).update(published_month=5)
        assert split(made).stayed == [
            "paper “Published” no longer takes what it had: published year"
        ]
        stays.refresh_from_db()
        assert (stays.published, stays.venue) == ("2021-05", None)

    def test_a_merge_in_the_middle_is_split_and_the_later_ones_stand(self, pair):
        preprint, stays = pair
        poster, last = factories.PaperFactory(), factories.PaperFactory()
        links = {paper: factories.LinkFactory(paper=paper) for paper in (preprint, poster)}
        first = merge(preprint, stays)
        merge(poster, stays)
        merge(stays, last)
        split(first)
        where = {paper: Link.objects.get(pk=link.pk).paper for paper, link in links.items()}
        assert where == {preprint: preprint, poster: last}
        preprint.refresh_from_db()
        assert preprint.merged_into is None
        assert Merge.objects.standing().count() == 2

    def test_nothing_is_split_twice(self, pair):
        made = merge(*pair)
        split(made)
        with pytest.raises(CannotSplit):
            split(made)

    def test_too_many_later_merges_are_refused(self, pair, monkeypatch):
        monkeypatch.setattr("papers.merging.acts.MOST_SINCE", 1)
        made = merge(*pair)
        for _ in range(2):
            merge(factories.PaperFactory(), pair[1])
        with pytest.raises(CannotSplit, match="latest"):
            split(made)

    def test_followers_see_the_paper_come_back(self, pair):
        made = merge(*pair)
        Change.objects.all().delete()
        split(made)
        told = set(Change.objects.values_list("kind", "key", "verb"))
        assert ("paper", str(pair[0].pk), "created") in told
        assert ("paper", str(pair[1].pk), "updated") in told

    def test_a_merged_paper_can_be_merged_again_after_a_split(self, pair):
        split(merge(*pair))
        merge(pair[1], pair[0])
        assert Merge.objects.standing().get().into == pair[0]
