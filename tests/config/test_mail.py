"""Mail of a local site."""

from django.core.mail import EmailMessage, mailers


def test_what_is_kept_in_files_can_be_read_and_its_links_copied(tmp_path, settings):
    options = {"file_path": str(tmp_path)}
    settings.MAILERS = {"default": {"BACKEND": "config.mail.EmailBackend", "OPTIONS": options}}
    link = f"http://127.0.0.1:8000/accounts/confirm-email/{'x' * 80}:é/"
    mail = EmailMessage("Hello", f"Go to {link} – now", "a@b.example", ["c@d.example"])
    mailers["default"].send_messages([mail])
    [file] = tmp_path.iterdir()
    assert f"Go to {link} – now\n" in file.read_text()
