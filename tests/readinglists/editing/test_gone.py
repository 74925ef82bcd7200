"""What undo and restore meet when things beyond the list are gone, or their ids taken."""

import pytest

from readinglists.editing import items, lists, undoing
from readinglists.editing.writing import Refused, locked
from readinglists.models import Item, ListEvent, ListSection, ReadingList
from tests.factories import PaperFactory, TopicFactory
from tests.readinglists.making import add_section, make_list, order_of, put_on


def without(reading_list, item) -> ListEvent:
    """The event that took an item away, which has been deleted for good since."""
    with locked(reading_list.pk) as held:
        items.remove_items(held, held.owner, [item.pk])
    Item.objects.filter(pk=item.pk).delete()
    return ListEvent.objects.filter(reading_list=reading_list).latest("version")


@pytest.mark.django_db(transaction=True)
def test_undo_and_restore_leave_out_what_is_in_the_catalogue_no_more():
    topic, paper = TopicFactory(), PaperFactory()
    made = make_list(cover_topic=topic)
    kept, gone = put_on(made, "https://example.org/", paper)
    version = made.version
    lists.change_list(made.pk, made.owner, None, cover_topic_id=None)
    changed = ListEvent.objects.latest("version")
    removed = without(made, gone)
    topic.delete()
    paper.delete()
    undoing.restore(ReadingList.objects.get(pk=made.pk), made.owner, version)
    with pytest.raises(Refused, match="no longer"):
        undoing.undo(removed, made.owner)
    undoing.undo(changed, made.owner)
    made.refresh_from_db()
    assert made.cover_topic is None
    assert order_of(made) == [kept.pk]


@pytest.mark.django_db
def test_what_comes_back_takes_no_id_that_stands_on_another_list_by_now():
    made, other = make_list(), make_list()
    section = add_section(made)
    [item] = put_on(made, "https://example.org/", section=section.pk)
    removed = without(made, item)
    for row, fields in ((section, {"title": "Theirs"}), (item, {"url": "https://b.example/"})):
        model = type(row)
        model.objects.filter(pk=row.pk).delete()
        added = {"added_by": other.owner} if model is Item else {}
        model.objects.create(pk=row.pk, reading_list=other, position=1, **fields, **added)
    undoing.undo(removed, made.owner)
    assert Item.objects.get(reading_list=made).url == "https://example.org/"
    undoing.restore(ReadingList.objects.get(pk=made.pk), made.owner, removed.version - 1)
    assert Item.objects.get(reading_list=other).pk == item.pk
    assert ListSection.objects.get(reading_list=other).title == "Theirs"
