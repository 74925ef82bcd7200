"""What pages of prizes and of deadlines share: the day looked from, and choices in their forms."""

from django.forms import DateInput, Form
from django.http import HttpRequest

from api.listing import offer_choices
from papers.models import Topic
from prizes.as_of import AsOf, AsOfError


def read_as_of(request: HttpRequest) -> tuple[AsOf, str | None]:
    """The instant asked for; or now, and what is wrong with the one asked for."""
    text = request.GET.get("as_of", "").strip()
    try:
        return (AsOf.read(text) if text else AsOf.now()), None
    except AsOfError as error:
        return AsOf.now(), str(error)


def offer_topics(form: Form, user) -> None:
    offer_choices(form, "topic", Topic.objects.visible_to(user).values_list("slug", "name"))


def offer_calendar(form: Form, error: str | None) -> None:
    """A calendar to choose from; what cannot stand in one is kept as it was typed."""
    text = form.data.get("as_of", "")
    if not error and len(text) in (0, len("2022-09-26")):
        latest = AsOf.now().day
        form.fields["as_of"].widget = DateInput({"type": "date", "max": latest})
