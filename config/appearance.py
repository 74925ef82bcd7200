"""What the frame around every page needs: the theme somebody chose and the way through the site."""

from django.http import HttpRequest
from django.urls import reverse

THEME_COOKIE = "theme"
THEMES = {
    "system": "As the system",
    "light": "Light",
    "dark": "Dark",
    "contrast": "High contrast",
}
# Label, URL name, the key that goes there after "g".
PLACES = [
    ("Issues", "newsletter:list", "i"),
    ("Papers", "papers:list", "p"),
    ("Topics", "newsletter:topics", "t"),
    ("Lists", "readinglists:index", "l"),
    ("Prizes", "prizes:list", "z"),
    ("Deadlines", "prizes:deadlines", "d"),
]


def chosen_theme(request: HttpRequest) -> str:
    """The account's choice, else this browser's; anything unknown is the system's."""
    theme = getattr(getattr(request, "user", None), "theme", None)
    if theme in (None, "system"):
        theme = request.COOKIES.get(THEME_COOKIE)
    return theme if theme in THEMES else "system"


def appearance(request: HttpRequest) -> dict[str, object]:
    def place(label: str, name: str, key: str) -> dict[str, object]:
        url = reverse(name)
        return {"label": label, "url": url, "key": key, "is_current": request.path.startswith(url)}

    return {"theme": chosen_theme(request), "places": [place(*each) for each in PLACES]}
