"""Works that stand twice: what was found alike, what was merged, and how to take that back."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from papers.models.works import Paper

User = settings.AUTH_USER_MODEL


class TitleBlock(models.Model):
    """A digest of some words of a title: only papers that share one are compared."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="title_blocks")
    block = models.BigIntegerField()

    class Meta:
        constraints = [
            # Led by the digest: the index that finds who shares it.
            models.UniqueConstraint(fields=["block", "paper"], name="papers_titleblock_once")
        ]

    def __str__(self) -> str:
        return f"{self.paper_id}: {self.block:x}"


class DuplicateSuggestionQuerySet(models.QuerySet["DuplicateSuggestion"]):
    def waiting(self) -> Self:
        """Those to decide about: neither paper was merged into another one meanwhile."""
        standing = self.filter(paper__merged_into=None, other__merged_into=None)
        return standing.filter(state=DuplicateSuggestion.State.OPEN)


class DuplicateSuggestion(models.Model):
    """Two papers that may be one work; once dismissed, never suggested again."""

    class Reason(models.TextChoices):
        SAME_TITLE = "same_title", "same title and authors"
        PREPRINT = "preprint", "preprint and published version"
        CROSS_POST = "cross_post", "cross-post between forums"
        SIMILAR_TITLE = "similar_title", "nearly the same title"
        IDENTIFIER = "identifier", "a record of one names the other"
        BY_HAND = "by_hand", "compared by hand"

    class State(models.TextChoices):
        OPEN = "open"
        DISMISSED = "dismissed", "not the same work"
        MERGED = "merged"

    # The one with the lower number first: a pair is one row.
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="duplicate_suggestions")
    other = models.ForeignKey(Paper, models.CASCADE, related_name="duplicate_suggestions_of")
    reason = models.CharField(max_length=14, choices=Reason)
    evidence = models.TextField(blank=True, help_text="what was found alike, in words")
    score = models.FloatField(help_text="from 0 to 1: how sure it is")
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    decided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DuplicateSuggestionQuerySet.as_manager()

    class Meta:
        ordering = ["-score", "pk"]
        indexes = [models.Index(fields=["state", "-score", "id"], name="papers_suggestion_queue")]
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "other"], name="papers_duplicatesuggestion_pair_once"
            ),
            models.CheckConstraint(
                condition=Q(paper__lt=F("other")), name="papers_duplicatesuggestion_lower_first"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper} / {self.other}"


class MergeQuerySet(models.QuerySet["Merge"]):
    def standing(self) -> Self:
        return self.filter(split_at=None)


class Merge(models.Model):
    """One paper merged into another, with all that moved, so that it can be split again."""

    duplicate = models.ForeignKey(Paper, models.CASCADE, related_name="merges")
    into = models.ForeignKey(Paper, models.CASCADE, related_name="merges_into_it")
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    taken = models.JSONField(
        default=list, blank=True, help_text="fields whose value was taken from the duplicate"
    )
    # See `curation.journal`. It holds ids of readers' rows: no page shows it.
    journal = models.JSONField(default=list, editable=False)
    split_at = models.DateTimeField(null=True, blank=True)
    split_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    stayed = models.JSONField(
        default=list, blank=True, help_text="what the split left, edited since the merge"
    )

    objects = MergeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["duplicate"],
                condition=Q(split_at=None),
                name="papers_merge_one_standing",
                violation_error_message="This paper is merged already.",
            ),
            models.CheckConstraint(
                condition=~Q(duplicate=F("into")), name="papers_merge_of_two_papers"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.duplicate} into {self.into}"
