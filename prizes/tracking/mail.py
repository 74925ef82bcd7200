"""The mail that reminds: what closes when, in the reader's own time, and who said so."""

from email.headerregistry import Address
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone

from markup.text import clean_line
from prizes.as_of import AsOf, statement_of
from prizes.models import Announcement, Reminder
from prizes.tracking.schedule import zone_of
from prizes.tracking.stopping import stop_address
from prizes.words import date_notes, day_words


def message_for(reminder: Reminder, address: str) -> EmailMessage:
    """The finished mail. Its Message-ID is the reminder's, so that a double could be told."""
    tracking, deadline = reminder.tracking, reminder.deadline
    prize = tracking.prize
    told = Announcement.objects.visible_to(tracking.user).filter(deadline=deadline)
    deadline.told = list(told.known_by(timezone.now()).select_related("issue", "entry"))
    said = statement_of(deadline, AsOf.now())
    stop = stop_address(tracking)
    with timezone.override(zone_of(tracking.user.time_zone)):
        closes = deadline.label or deadline.get_kind_display()
        name = clean_line(prize.name)
        context = {
            "reader": tracking.user,
            "prize": prize,
            "name": name,
            "closes": clean_line(closes),
            "day": day_words(deadline),
            "notes": date_notes(deadline),
            "announcement": said.announcement,
            "earlier": _moved_from(deadline),
            "page": f"{settings.SITE_URL}{deadline.get_absolute_url()}",
            "tracked": f"{settings.SITE_URL}{tracking.get_absolute_url()}",
            "stop": stop,
            "site": settings.SITE_NAME,
        }
        body = render_to_string("prizes/mail/reminder.txt", context)
        subject = f"[{settings.SITE_NAME}] {name[:120]}: {context['closes'][:60]}, {context['day']}"
    return EmailMessage(
        subject=subject,
        body=body,
        to=[str(Address(addr_spec=address))],
        headers={
            "Message-ID": f"<reminder.{reminder.pk}@{urlsplit(settings.SITE_URL).hostname}>",
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )


def _moved_from(deadline) -> str:
    """The date that stood before the one that stands, in words; empty if it never moved."""
    dated = [a for a in deadline.told if a.precision]
    return day_words(dated[-2]) if len(dated) > 1 and _differ(dated[-2], dated[-1]) else ""


def _differ(one: Announcement, other: Announcement) -> bool:
    return (one.earliest_utc, one.latest_utc) != (other.earliest_utc, other.latest_utc)
