"""Ways of writing a newsletter that the golden issues do not show."""

from textwrap import dedent

from newsletter.reader import ReadIssue, profile_for, read_issue


def read(text: str, publication: str = "any") -> ReadIssue:
    return read_issue(dedent(text).strip("\n"), profile_for(publication))


def told(issue: ReadIssue) -> list[tuple[str, str, list[str]]]:
    return [(e.kind, e.headline, [link.role for link in e.links]) for e in issue.entries]


def test_bold_linked_titles_at_the_head_of_paragraphs() -> None:
    issue = read(
        """
        # **HIGHLIGHTS**

        **[Learning to play](https://arxiv.org/abs/2001.1)** *(A. Author et al)*: A summary.

        More of it, with [a link](https://x.example).

        **Reader's opinion:** I liked it.

        [**Circuits**](https://distill.example/circuits) *(C. Author)*: Another summary.

        # **TECHNICAL AI ALIGNMENT**

        ## **ROBUSTNESS**

        [A title that is not bold](https://a.example) *(Jane Doe)*: Something.
        """
    )

    assert told(issue) == [
        ("feature", "Learning to play", ["primary", "inline"]),
        ("feature", "Circuits", ["primary"]),
        ("feature", "A title that is not bold", ["primary"]),
    ]
    assert [(s.heading, s.topic) for s in issue.sections] == [
        ("HIGHLIGHTS", None),
        ("TECHNICAL AI ALIGNMENT", "alignment"),
        ("ROBUSTNESS", "robustness"),
    ]
    assert issue.entries[0].markdown.startswith("*(A. Author et al)*: A summary.")
    assert issue.entries[0].markdown.endswith("**Reader's opinion:** I liked it.")


def test_titles_whose_emphasis_was_broken_in_conversion() -> None:
    issue = read(
        "Welcome, everyone.\n\n"
        "**  \nWhat do asteroids tell us?  \n**_…You need a plan…  \n_ The story goes on.\n\n"
        "**Does it work?** In tests it does.\n\n"
        "**Read more:** [The paper (arXiv)](https://arxiv.org/abs/1).   \n  \n***  \n  \n"
        " **A model is out:  \n***…At last…  \n*It is [licensed](https://l.example).\n\n"
        "**Read more:**\n[The announcement](https://a.example)\n\n.\n"
    )

    assert told(issue) == [
        ("feature", "What do asteroids tell us?", ["primary"]),
        ("feature", "A model is out", ["inline", "primary"]),
    ]
    assert issue.entries[0].markdown.startswith("…You need a plan")


def test_lead_ins_with_a_colon_are_parts_of_a_story() -> None:
    issue = read(
        """
        # News

        ## Robots rise

        **What's new:** A [startup](https://s.example) built robots.

        **Why it matters:** It does.

        ## A MESSAGE FROM OUR PARTNER

        Take the course! [Enroll](https://enroll.example)

        ## Models learn law

        **What's new:** [A study](https://arxiv.org/abs/1).
        """
    )

    assert [entry.headline for entry in issue.entries] == ["Robots rise", "Models learn law"]
    assert [link.label for link in issue.links] == ["Enroll"]
    assert len(issue.notices) == 2


def test_linked_titles_as_paragraphs_of_their_own() -> None:
    issue = read(
        """
        ### 🚀 Launches

        [**A model is released (3 minute read)**](https://t.example/1)

        It is large, as [its makers](https://m.example) say.

        [**Another is bought (2 minute read)**](https://t.example/2)

        For a lot of money.
        """
    )

    assert told(issue) == [
        ("feature", "A model is released (3 minute read)", ["primary", "inline"]),
        ("feature", "Another is bought (2 minute read)", ["primary"]),
    ]


def test_paragraphs_without_any_heading() -> None:
    issue = read(
        """
        Hello everyone, here are the links.

        A lab published [a post](https://a.example) about safety. It is long.

        Another released [a model](https://b.example).
        """
    )

    assert issue.intro == "Hello everyone, here are the links."
    assert told(issue) == [
        ("news", "A lab published a post about safety", ["primary"]),
        ("news", "Another released a model", ["primary"]),
    ]


def test_an_issue_in_html() -> None:
    issue = read(
        """
        <h1>Weekly</h1>
        <p>Welcome to <a href="https://w.example">Weekly</a>.</p>
        <h2>Research</h2>
        <h3><a href="https://arxiv.org/abs/7">A title</a></h3>
        <p>Commentary.</p>
        <figure><img src="https://i.example/y.png"><figcaption>Why.</figcaption></figure>
        <h2>Links</h2>
        <ul><li><a href="https://l.example/1">One</a> first</li>
        <li><a href="https://l.example/2">Two</a> second</li></ul>
        """
    )

    assert told(issue) == [
        ("feature", "A title", ["primary"]),
        ("brief", "One first", ["primary"]),
        ("brief", "Two second", ["primary"]),
    ]
    assert issue.entries[0].images[0].caption == "Why."
    assert issue.entries[1].markdown == '<a href="https://l.example/1">One</a> first'


def test_bullets_that_only_group_are_opened() -> None:
    issue = read(
        """
        ## Links

        * Robustness
            * [First](https://a.example/1)
            * [Second](https://a.example/2): with a word on it
        * [Third](https://a.example/3)
            * and [its code](https://c.example)
        """
    )

    assert [(e.headline, e.topic, len(e.links)) for e in issue.entries] == [
        ("First", "robustness", 1),
        ("Second", "robustness", 1),
        ("Third", None, 2),
    ]


def test_rows_of_a_table_that_is_no_part_of_an_entry() -> None:
    issue = read(
        """
        ## Papers

        | Paper | Venue |
        | --- | --- |
        | [Deep \\| wide](https://a.example/1) | X |
        | [Shallow](https://a.example/2) | Y |
        """
    )

    assert [entry.headline for entry in issue.entries] == ["Deep | wide", "Shallow"]
    assert issue.entries[0].markdown.startswith("[Deep \\| wide](https://a.example/1)")


def test_headings_of_the_text_below_an_entry_are_parts_of_it() -> None:
    issue = read(
        """
        # Robustness

        ## A long story

        It begins with [a paper](https://arxiv.org/abs/1).

        ### Method

        They trained.

        ## Another story

        Text. **[[Link](https://arxiv.org/abs/2)]**
        """
    )

    assert [entry.headline for entry in issue.entries] == ["A long story", "Another story"]
    assert "### Method\n\nThey trained." in issue.entries[0].markdown


def test_what_follows_the_last_rule_is_no_entry() -> None:
    issue = read(
        """
        ## A story

        Text. [Paper](https://arxiv.org/abs/1)

        ---

        Next time: [more](https://next.example).
        """
    )

    assert len(issue.entries) == 1
    assert [link.url for link in issue.links] == ["https://next.example"]


def test_standing_matter_of_a_publication_is_known_from_its_row() -> None:
    text = (
        "# NEWS\n\n[A job](https://j.example): apply.\n\n#### FEEDBACK\n\nWrite [me](mailto:x@y.z)"
    )

    assert len(read(text, "alignment-newsletter").entries) == 1
    assert len(read(text, "any").entries) == 2


def test_a_text_without_entries_says_so() -> None:
    issue = read("Nothing to read this week.")

    assert issue.entries == ()
    assert issue.warnings == ("No entry was found in this text.",)
    assert read("").warnings == ()


def test_a_heading_over_one_linked_title_is_a_section() -> None:
    issue = read(
        """
        # HIGHLIGHTS

        [Paper One](https://arxiv.org/abs/2001.1) *(A B et al)* (summarized by C): It is good.

        ## LEARNING HUMAN INTENT

        [Paper Three](https://arxiv.org/abs/2001.3) *(E F)* (summarized by Asya): Three.

        ## ROBUSTNESS

        [Decision Modeling](https://m.example/a.html) *(D J et al)*: There has been work.

        **Read more:** [Paper: another](https://arxiv.org/abs/2106.1)
        """
    )

    assert told(issue) == [
        ("feature", "Paper One", ["primary"]),
        ("feature", "Paper Three", ["primary"]),
        ("feature", "Decision Modeling", ["primary", "primary"]),
    ]
    assert [s.heading for s in issue.sections] == [
        "HIGHLIGHTS",
        "LEARNING HUMAN INTENT",
        "ROBUSTNESS",
    ]


def test_a_story_that_begins_with_a_link_keeps_its_heading_as_title() -> None:
    issue = read(
        """
        # News

        ## Robots rise

        [A startup](https://s.example) built robots, and they walk.

        ## Robots fall

        [The lab](https://l.example) (of the startup) lost them.
        """
    )

    assert [entry.headline for entry in issue.entries] == ["Robots rise", "Robots fall"]


def test_standing_requests_to_readers_are_notices() -> None:
    issue = read(
        """
        ## Quick Links

        - [Stable Audio](https://s.example) — a model was launched.

        Want to advertise in TL? [Advertise with us](https://advertise.example/).

        If you don't want to receive future editions, [unsubscribe](https://a.example/unsub).

        You can [manage your preferences](https://a.example/p) at any time.

        ## Events

        A hackathon with $5,000 in prizes is open: [sign up](https://h.example).
        """
    )

    assert [entry.headline for entry in issue.entries] == [
        "Stable Audio",
        "A hackathon with $5,000 in prizes is open: sign up",
    ]
    assert [link.role for link in issue.links] == ["share", "share", "share"]
    assert len(issue.notices) == 3


def test_what_stands_under_competitions_or_grants_is_an_opportunity_or_news() -> None:
    issue = read(
        """
        # Weekly

        ## Papers

        - [A paper](https://arxiv.org/abs/1) on walking.

        ## Competitions

        - **Robot Challenge** – €2M in prizes. Submit by 15 June 2024. [Register](https://r.example)
        - **Tiny Prize**: £500 for the best sketch. [Info](https://t.example)
        - **Maze Cup**: the winners of last year's prize of $5. [Info](https://m.example)

        ## Grants and fellowships

        The fund offers [grants](https://g.example) for safety. Apply by 3 May.

        ## Jobs

        - [Engineer](https://j.example) at a lab.

        ## Papers on grants

        - [A study](https://arxiv.org/abs/2) of funding.
        """
    )

    assert [(entry.kind, entry.headline) for entry in issue.entries] == [
        ("brief", "A paper on walking"),
        ("opportunity", "Robot Challenge"),
        ("opportunity", "Tiny Prize"),
        ("news", "Maze Cup"),
        ("news", "The fund offers grants for safety"),
        ("news", "Engineer at a lab"),
        ("brief", "A study of funding"),
    ]


def test_bare_addresses_are_links() -> None:
    issue = read(
        """
        ## Papers

        1. Hands by X. See https://openreview.example/forum?id=a_b_C and <https://doi.org/1>.
        2. Robot feet (https://f.example/a_(b)_c).
        3. A survey of legs: https://s.example/?a=1&amp;b=2
        4. Reports at https://one.example/x, and [two](https://two.example): `https://code.example`.

        ## A story

        It says https://in.example/**bold** much.

        https://arxiv.org/abs/1
        """
    )

    assert [(e.headline, [(x.url, x.role) for x in e.links]) for e in issue.entries] == [
        (
            "Hands by X",
            [
                ("https://openreview.example/forum?id=a_b_C", "primary"),
                ("https://doi.org/1", "primary"),
            ],
        ),
        ("Robot feet", [("https://f.example/a_(b)_c", "primary")]),
        ("A survey of legs", [("https://s.example/?a=1&b=2", "primary")]),
        (
            "Reports, and two",
            [("https://one.example/x", "primary"), ("https://two.example", "primary")],
        ),
        (
            "A story",
            [("https://in.example/", "inline"), ("https://arxiv.org/abs/1", "primary")],
        ),
    ]


def test_bare_addresses_lie_where_they_are_printed() -> None:
    text = "## Links\n\n- One, https://a.example/x_y. And [b](https://b.example) https://c.example!"
    [entry] = read(text).entries

    assert [text[link.start : link.end] for link in entry.links] == [
        "https://a.example/x_y",
        "[b](https://b.example)",
        "https://c.example",
    ]


def test_the_linked_title_of_a_bullet_presents_its_work() -> None:
    issue = read(
        """
        ## Papers

        - **[Learning to walk](https://arxiv.org/abs/2)** – a paper of [X](https://x.example). [PDF](https://a.example/p.pdf)
        - [Legs](https://l.example) – of [dogs](https://d.example).
        """
    )

    assert told(issue) == [
        ("brief", "Learning to walk", ["primary", "inline", "primary"]),
        ("brief", "Legs", ["primary", "inline"]),
    ]
