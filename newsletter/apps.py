from django.apps import AppConfig


class NewsletterConfig(AppConfig):
    name = "newsletter"
    verbose_name = "Newsletter"

    def ready(self) -> None:
        from imports.undo import register
        from newsletter import filing, merging, query_fields, searching, undo
        from newsletter.models import Link
        from newsletter.signals import issue_read, issue_taken_back
        from papers.merging import register as register_part
        from papers.merging import rehang

        issue_read.connect(filing.on_issue_read, dispatch_uid="filing")
        issue_taken_back.connect(filing.on_issue_taken_back, dispatch_uid="filing")
        register("issue", undo.take_back)
        register_part(Link, rehang(Link), merging.tell)
        query_fields.register()
        searching.register()
