"""Addresses where a list is arranged, for its editors, and of the trash."""

from django.urls import path

from readinglists.views import items, order, sections, trash

ARRANGING: list = [
    path("order/", order.order, name="order"),
    path("sort/", order.sort, name="sort"),
    path("sections/new/", sections.new_section, name="new-section"),
    path("sections/<uuid:section>/", sections.section, name="section"),
    path("sections/<uuid:section>/remove/", sections.remove_section, name="remove-section"),
    path("items/<uuid:item>/", items.item, name="item"),
    path("items/<uuid:item>/move/", items.move_item, name="move-item"),
    path("items/<uuid:item>/remove/", items.remove_item, name="remove-item"),
    path("delete/", trash.delete_list, name="delete"),
    path("trash/", trash.list_trash, name="list-trash"),
    path("trash/items/<uuid:item>/restore/", trash.restore_item, name="restore-item"),
    path("trash/sections/<uuid:section>/restore/", trash.restore_section, name="restore-section"),
]
TRASH: list = [
    path("lists/trash/", trash.own_trash, name="trash"),
    path("lists/trash/<uuid:pk>/restore/", trash.restore_list, name="restore"),
]
