"""The login of the chat: a page that asks for the token and leaves a cookie.

A cookie rather than HTTP Basic: `SameSite=Strict` keeps browsers from sending it with what another
site's page asks for, it ends with the browser, and it is not the token itself.
"""

from __future__ import annotations

from urllib.parse import parse_qs

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from rag.settings import Settings
from ui.http.keys import COOKIE, Keys, session_of

LOGIN_PATH = "/login"

_PAGE = """<!doctype html>
<html lang="zh-Hans">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>原文 Yuanwen</title>
<style>
  body {{ font: 1.1rem/1.6 system-ui, sans-serif; max-width: 24rem; margin: 15vh auto;
         padding: 0 1rem; color-scheme: light dark; }}
  input, button {{ font: inherit; width: 100%; box-sizing: border-box; padding: .5rem;
                  margin-top: .5rem; }}
</style>
<h1>原文 Yuanwen</h1>
<form method="post" action="{path}">
  <label for="token">访问口令 <span lang="en">Token</span></label>
  <input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
  <button>进入 <span lang="en">Enter</span></button>
  <p role="alert">{note}</p>
</form>
</html>
"""
_WRONG = '口令不对。 <span lang="en">That is not the token.</span>'


def login_page(status: int, note: str = "") -> Response:
    return HTMLResponse(_PAGE.format(path=LOGIN_PATH, note=note), status_code=status)


def add_login(app: FastAPI, settings: Settings) -> None:
    """Only where there is a token to ask for."""
    keys = Keys.of(settings)
    if not keys:
        return

    @app.get(LOGIN_PATH, include_in_schema=False)
    def ask_for_token() -> Response:
        return login_page(200)

    @app.post(LOGIN_PATH, include_in_schema=False)
    async def log_in(request: Request) -> Response:
        form = parse_qs((await request.body()).decode("utf-8", "replace"))
        token = form.get("token", [""])[0].strip()
        if not keys.admits(token):
            return login_page(401, _WRONG)
        response = RedirectResponse("/", status_code=303)
        response.set_cookie(
            COOKIE,
            session_of(token),
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return response
