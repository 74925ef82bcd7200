"""The style somebody took last, on this browser."""

from django.http import HttpRequest, HttpResponse

from papers.citations.formatted import DEFAULT_STYLE, STYLES

STYLE_COOKIE = "citation_style"
A_YEAR = 365 * 24 * 3600


def chosen_style(request: HttpRequest) -> str:
    chosen = request.COOKIES.get(STYLE_COOKIE, DEFAULT_STYLE)
    return chosen if chosen in STYLES else DEFAULT_STYLE


def remember_style(request: HttpRequest, response: HttpResponse, style: str) -> None:
    if style != chosen_style(request):
        response.set_cookie(
            STYLE_COOKIE,
            style,
            max_age=A_YEAR,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
