from django.apps import AppConfig


class NewsletterConfig(AppConfig):
    name = "newsletter"
    verbose_name = "Newsletter"

    def ready(self) -> None:
        from newsletter import filing
        from newsletter.signals import issue_read

        issue_read.connect(filing.on_issue_read, dispatch_uid="filing")
