"""Pages of what one tracks."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.secret_addresses import secret_address
from api.conditional import answer_conditionally
from api.resources import DATA_POLICY
from prizes.as_of import AsOf
from prizes.calendar import MEDIA_TYPE, EmptyCalendarError
from prizes.calendar.links import subscription
from prizes.models import Prize, Reminder, ReminderPlan, TrackedCalendar, Tracking
from prizes.tracking.calendar import PATH, tracked_calendar
from prizes.tracking.changing import Stale, change, set_stage
from prizes.tracking.forms import CalendarForm, PlanForm, StageForm, TrackingForm
from prizes.tracking.overview import tracked_prizes
from prizes.tracking.stopping import stop_all, stop_one, tracking_behind

READ_AND_WRITE = ["GET", "HEAD", "POST"]
REMINDERS_SHOWN = 20


@require_safe
@login_required
def tracked(request: HttpRequest) -> HttpResponse:
    plan = ReminderPlan.objects.filter(user=request.user).first() or ReminderPlan()
    context = {
        "stages": tracked_prizes(request.user, AsOf.now()),
        "plan": plan,
        "today": AsOf.now().day,
    }
    return render(request, "prizes/tracked.html", context)


@require_http_methods(READ_AND_WRITE)
@login_required
def track(request: HttpRequest, slug: str) -> HttpResponse:
    """Whoever had to sign in first comes here by GET, and is led back to the prize."""
    prize = get_object_or_404(Prize.objects.visible_to(request.user), slug=slug)
    form = StageForm(request.POST)
    if request.method != "POST":
        return redirect(prize)
    if not form.is_valid():
        messages.error(request, "Choose one of the stages.")
        return redirect(prize)
    tracking, is_new = set_stage(request.user, prize, form.cleaned_data["stage"])
    stage = tracking.get_stage_display()
    words = f"You track {prize} now: {stage}." if is_new else f"{prize}: {stage}."
    messages.success(request, words)
    return redirect(prize)


@require_http_methods(READ_AND_WRITE)
@login_required
def tracking_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    tracking = _own(request, pk)
    form = TrackingForm(request.POST or None, instance=tracking)
    standing = None
    if request.method == "POST" and form.is_valid():
        # A model form has put what was typed on its instance: compare with what is stored.
        tracking = _own(request, pk)
        try:
            change(tracking, form.cleaned_data["version"], **form.values())
        except Stale as stale:
            standing = stale.now
            form.data = form.data.copy()
            form.data["version"] = standing.version
        else:
            messages.success(request, "Saved.")
            return redirect(tracking)
    reminders = Reminder.objects.filter(tracking=tracking).select_related("deadline")
    context = {
        "tracking": tracking,
        "form": form,
        "standing": standing,
        "reminders": reminders[:REMINDERS_SHOWN],
    }
    status = 409 if standing else 400 if form.errors else 200
    return render(request, "prizes/tracking.html", context, status=status)


@require_http_methods(READ_AND_WRITE)
@login_required
def forget(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Asks first: notes and links go with it, and nobody else has them."""
    tracking = _own(request, pk)
    if request.method == "POST":
        prize = tracking.prize
        tracking.delete()
        messages.success(request, f"You do not track {prize} any more.")
        return redirect("prizes:tracked")
    return render(request, "prizes/forget.html", {"tracking": tracking})


def _own(request: HttpRequest, pk: UUID) -> Tracking:
    own = Tracking.objects.visible_to(request.user).select_related("prize")
    return get_object_or_404(own, pk=pk)


@require_http_methods(READ_AND_WRITE)
@login_required
def plan(request: HttpRequest) -> HttpResponse:
    known = ReminderPlan.objects.filter(user=request.user).first()
    form = PlanForm(request.POST or None, instance=known or ReminderPlan(user=request.user))
    if request.method == "POST" and form.is_valid():
        if form.has_changed():
            form.instance.since = timezone.now()
        form.save()
        messages.success(request, "Your reminders are saved.")
        return redirect("prizes:tracked")
    return render(request, "prizes/plan.html", {"form": form})


@require_http_methods(READ_AND_WRITE)
@login_required
def own_calendar(request: HttpRequest) -> HttpResponse:
    """Makes the secret address of one's calendar; it is in this one answer and nowhere else."""
    calendar = TrackedCalendar.objects.filter(user=request.user).first()
    if request.method == "POST" and "end" in request.POST:
        TrackedCalendar.objects.filter(user=request.user).delete()
        messages.success(request, "That address leads nowhere from now on.")
        return redirect("prizes:own-calendar")
    form = CalendarForm(request.POST or None, initial={"alarm_days": [1]})
    context = {"form": form, "calendar": calendar}
    if request.method == "POST" and form.is_valid():
        secret = TrackedCalendar.make(request.user, form.cleaned_data["alarm_days"])
        address = settings.SITE_URL + PATH.format(secret=secret)
        context |= {"address": address, "webcal": subscription(address, "Tracked prizes").webcal}
    response = render(request, "prizes/tracked_calendar.html", context)
    response["Cache-Control"] = "no-store, private"
    return response


@require_safe
@secret_address
def calendar_file(request: HttpRequest, secret: str) -> HttpResponse:
    calendars = TrackedCalendar.objects.behind(secret).select_related("user")
    calendar = get_object_or_404(calendars)
    try:
        body = tracked_calendar(calendar, secret)
    except EmptyCalendarError:
        raise Http404("Nothing that is tracked has a day yet.") from None
    response = HttpResponse(body, content_type=MEDIA_TYPE)
    response["Cache-Control"] = "private, no-cache"
    response["Content-Security-Policy"] = DATA_POLICY
    return answer_conditionally(request, response, weak=False)


@csrf_exempt  # RFC 8058: mail services send this form, without a cookie; the address is the proof
@require_http_methods(READ_AND_WRITE)
@secret_address
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Looking stops nothing: mail services follow links before anybody reads them."""
    tracking = tracking_behind(token)
    if tracking is None:
        raise Http404("No such address.")
    done = ""
    if request.method == "POST":
        done = "all" if request.POST.get("what") == "all" else "one"
        if done == "all":
            stop_all(tracking.user)
        else:
            stop_one(tracking)
    response = render(request, "prizes/stop.html", {"tracking": tracking, "done": done})
    response["Cache-Control"] = "no-store, private"
    return response
