"""The lists of the fixtures: what the newsletter recommended, in its own words."""

import re
from collections import Counter

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from markup.plain import plain_text
from newsletter.models import Entry, Link
from papers.models import Topic
from readinglists.commentary import as_markdown, quoted, words_of
from readinglists.demonstration import NO_PASSWORD, demonstration_rows
from readinglists.editing.writing import rendered
from readinglists.models import Item, ListEvent, Note, ReadingList

pytestmark = pytest.mark.one_database


def letters(text: str) -> str:
    return re.sub(r"\W", "", text)


@pytest.mark.usefixtures("loaded")
class TestTheFirstCatalogue:
    def test_there_is_a_public_list_for_each_topic_that_has_entries(self):
        lists = ReadingList.objects.listed_for(AnonymousUser())
        topics = Topic.objects.filter(entries__isnull=False)
        assert set(lists.values_list("cover_topic__slug", flat=True)) == set(
            topics.values_list("slug", flat=True)
        )
        assert lists.filter(sections__isnull=False).distinct().count() == len(set(topics))

    def test_each_thing_stands_on_the_list_of_its_topic_once(self):
        on = Item.objects.values_list("reading_list__cover_topic__slug", "paper__citation_key")
        stands = Counter((topic, key) for topic, key in on if key)
        assert set(stands.values()) == {1}
        recommended = Link.objects.filter(role="primary", paper__isnull=False).exclude(
            entry__topic=None
        )
        told = recommended.values_list("entry__topic__slug", "paper__citation_key")
        assert set(stands) == set(told)

    def test_notes_are_the_newsletters_own_words_and_say_whose(self):
        """Every word of a note stands in the entry it credits, but for the credit."""
        said = {
            title: letters(" ".join(plain_text(html) for html in texts))
            for title, texts in self.texts().items()
        }
        for note in Note.objects.select_related("item__reading_list"):
            words, _, credit = note.markdown.rpartition("\n\n— ")
            title = re.search(r"\[(.+?)\]\(<https://", credit)[1].replace("\\", "")
            assert credit.startswith("Dan Hendrycks, ")
            assert note.html == rendered(note.markdown)
            assert note.author.username == "ML Safety Newsletter"
            for paragraph in re.split(r"\n>\n", words):
                shown = plain_text(rendered(paragraph))
                assert letters(shown) in said[title], note.markdown

    def test_the_search_finds_what_the_newsletter_says_once_on_every_face(self, client):
        note = max(Note.objects.all(), key=lambda each: len(each.markdown))
        words = {"q": f'"{" ".join(plain_text(note.html).split()[:6])}"'}
        answer = client.get("/api/v1/search/", words).json()
        assert [hit["kind"] for hit in answer["results"]] == ["entry"]
        rows = client.get("/search/", words).context["page"].rows
        assert [hit.kind for hit in rows] == ["entry"]
        assert client.get("/feeds/search.atom", words).text.count("<entry>") == 1
        assert client.get("/api/v1/search/", {"q": "kind:note"}).json()["count"] > 100

    def texts(self):
        found: dict[str, list[str]] = {}
        for title, html in Entry.objects.values_list("issue__title", "html"):
            found.setdefault(title, []).append(html)
        return found

    def test_nobody_can_sign_in_as_the_newsletter(self):
        owner = User.objects.get(username="ML Safety Newsletter")
        assert not owner.is_active
        assert not owner.has_usable_password()
        assert authenticate(username=owner.username, password=NO_PASSWORD) is None

    def test_their_history_begins_with_them(self):
        for reading_list in ReadingList.objects.all():
            event = ListEvent.objects.get(reading_list=reading_list)
            assert (event.version, event.verb) == (reading_list.version, "made")

    def test_another_build_makes_the_very_same_rows(self):
        made = [(type(row), row.pk) for row in demonstration_rows() if not isinstance(row, User)]
        kept = {(model, pk) for model, pk in made if model._base_manager.filter(pk=pk).exists()}
        assert len(kept) == len(made) == len(set(made))


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>Said.</p><p><strong>[<a href='https://a.example/'>Link</a>]</strong></p>", ["Said."]),
        ("<p><a href='https://a.example/'>[Link]</a> Said.</p>", ["Said."]),
        ("<p><a href='https://a.example/'>Paper</a> <a href='/x'>Video</a></p>", []),
        (
            "<p>See <a href='https://a.example/'>here</a>.</p>",
            ["See [here](<https://a.example/>)."],
        ),
        ("<p>A <a href='javascript:x'>link</a></p>", ["A link"]),
        (
            "<p>Both: [<a href='https://a.example/'>1</a>], <a href='https://b.example/'>[2]</a>.</p>",
            [r"Both: \[[1](<https://a.example/>)\], \[[2](<https://b.example/>)\]."],
        ),
        ("<figure><a href='x'>i</a><figcaption>Seen.</figcaption></figure><p>Said.</p>", ["Said."]),
        ("<ul><li>one</li><li>two</li></ul>", ["- one", "- two"]),
        (
            "<p>1. a_b *c* &lt;img src=x&gt; &amp;lt;</p>",
            [r"1\. a\_b \*c\* &lt;img src=x> &amp;lt;"],
        ),
        ("<p># not a heading</p>", [r"\# not a heading"]),
    ],
)
def test_what_of_an_entry_is_its_words(html, words):
    assert words_of(html) == words


@pytest.mark.parametrize("text", ["1. a", "# b", "> c", "- d", "*e* _f_ `g` [h](i)", "<b>&lt;"])
def test_text_comes_back_from_markdown_as_it_was(text):
    assert plain_text(rendered(quoted([as_markdown(text)], []))).split("\n")[0] == text
