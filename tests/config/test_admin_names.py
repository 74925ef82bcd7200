"""What the admin calls things: plural words, and no two sections alike."""

import re

from django.apps import apps
from django.contrib import admin


def test_no_two_sections_of_the_admin_have_one_name():
    labels = {model._meta.app_label for model in admin.site._registry}
    names = [str(apps.get_app_config(label).verbose_name) for label in labels]

    assert len(names) == len(set(names)), sorted(names)


def test_every_list_has_a_plural_for_its_name():
    for model in admin.site._registry:
        plural = str(model._meta.verbose_name_plural)
        assert not re.search(r"(ss|[^aeou]ys|xs|chs|shs)$", plural), plural
