"""For any Markdown the reader neither fails nor loses a link."""

from collections import Counter

from hypothesis import given

from newsletter.reader import first_heading, profile_for, read_issue, reading_minutes
from newsletter.reader.structure import ReadImage, ReadIssue, ReadLink
from tests.newsletter.reader.markdown_texts import ANY_MARKDOWN, links_in

PROFILE = profile_for("any")


def links_of(issue: ReadIssue) -> list[ReadLink]:
    return [*issue.links, *(link for entry in issue.entries for link in entry.links)]


def is_bare(link: ReadLink, text: str) -> bool:
    """Whether an address is a link without markup, which CommonMark knows nothing of."""
    return text.startswith("http", link.start)


def images_of(issue: ReadIssue) -> list[ReadImage]:
    return [*issue.images, *(image for entry in issue.entries for image in entry.images)]


@given(ANY_MARKDOWN)
def test_every_link_is_in_exactly_one_place(text: str) -> None:
    issue = read_issue(text, PROFILE)

    links, images = links_of(issue), images_of(issue)
    found = Counter(link.url for link in links if not is_bare(link, text))
    found.update(image.link_url for image in images if image.link_url is not None)
    assert found == links_in(text)
    assert sorted(link.position for link in links) == list(range(len(links)))
    assert sorted(image.position for image in images) == list(range(len(images)))


@given(ANY_MARKDOWN)
def test_every_offset_points_at_what_it_names(text: str) -> None:
    issue = read_issue(text, PROFILE)

    for link in links_of(issue):
        assert link.start < link.end <= len(text)
        assert text[link.start] in "[<" or is_bare(link, text)
    for image in images_of(issue):
        assert image.start < image.end <= len(text)
        assert text[image.start] in "![<"


@given(ANY_MARKDOWN)
def test_images_are_found_again_in_the_commentary(text: str) -> None:
    text = text.replace("\r", "").replace("\0", "")

    for entry in read_issue(text, PROFILE).entries:
        for image in entry.images:
            if image.markdown_start is not None:
                shown = entry.markdown[image.markdown_start : image.markdown_end]
                assert shown.split() == text[image.start : image.end].split()


@given(ANY_MARKDOWN)
def test_every_entry_has_a_headline_on_one_line(text: str) -> None:
    for entry in read_issue(text, PROFILE).entries:
        assert entry.headline
        assert entry.headline == " ".join(entry.headline.split())


@given(ANY_MARKDOWN)
def test_titles_and_reading_times_of_any_text(text: str) -> None:
    assert reading_minutes(text) >= 1
    assert first_heading(text) != ""
