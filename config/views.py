"""Pages of the whole site: its start, and what nobody else answers for."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from api.feeds import FeedLink
from newsletter.views import issues_for
from papers.models import Paper, Topic
from prizes.as_of import AsOf, deadlines_as_of, still_ahead
from prizes.board import Row, with_history
from prizes.views import latest_with_deadlines

TOPICS_OF_THE_GUIDE = [
    ("robustness", "Robustness"),
    ("monitoring", "Monitoring"),
    ("alignment", "Alignment"),
    ("systemic-safety", "Systemic safety"),
    ("external-safety", "External safety"),
    ("other", "Other"),
]
STATUSES = ["open", "closing", "upcoming", "closed", "rolling", "unknown", "cancelled", "postponed"]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    user, as_of = request.user, AsOf.now()
    issues = list(issues_for(user).with_counts().newest_first()[:4])
    ahead = with_history(still_ahead(deadlines_as_of(as_of, user), as_of), user)
    rows = [Row(deadline, as_of) for deadline in ahead.order_by("stated_latest", "pk")[:4]]
    papers = Paper.objects.visible_to(user).with_first_authors().prefetch_related("topics")
    context = {
        "feed": FeedLink("Issues", "issues"),
        "issue": issues[0] if issues else None,
        "earlier": issues[1:],
        "rows": rows,
        "latest": None if rows else latest_with_deadlines(as_of, user),
        "papers": papers.defer("abstract", "sources").newest_first()[:5],
        "topics": Topic.objects.visible_to(user).with_counts(user),
        "today": as_of.day,
    }
    return render(request, "home.html", context)


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """For what asks at the usual address instead of reading the page's own."""
    return redirect(static("icons/favicon.svg"))


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What a browser needs to install the site, and to offer it where pages are shared."""
    answer = JsonResponse(
        {
            "id": "/",
            "name": settings.SITE_NAME,
            "short_name": settings.SITE_NAME[:12],
            "start_url": "/",
            "scope": "/",
            "display": "minimal-ui",
            "background_color": "#fbfaf6",
            "theme_color": "#fbfaf6",
            "icons": [
                {"src": static("icons/favicon.svg"), "sizes": "any", "type": "image/svg+xml"}
            ],
            "share_target": {
                "action": "/lists/add/",
                "method": "GET",
                "params": {"title": "title", "text": "text", "url": "url"},
            },
        },
        content_type="application/manifest+json",
    )
    answer.headers["Cache-Control"] = "public, max-age=86400"
    return answer


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    sentence = "On the Unreasonable Length of Titles of Papers about the Robustness of Models "
    context = {
        "topics": TOPICS_OF_THE_GUIDE,
        "statuses": STATUSES,
        "long_title": (sentence * 5)[:300],
        "picture": "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' "
        "viewBox='0 0 320 120'%3E%3Ccircle cx='160' cy='60' r='50' fill='red'/%3E%3C/svg%3E",
    }
    return render(request, "styleguide.html", context)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)
