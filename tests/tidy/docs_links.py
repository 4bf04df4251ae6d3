#!/usr/bin/env python3
"""Checks that every relative link of a Markdown file leads to a file, and to a heading of it."""

import re

import tidy

LINK = re.compile(r"!?\[(?:[^\]\[]|\[[^\]]*\])*\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")
REFERENCE = re.compile(r"^\s*\[[^\]]+\]:\s+<?(\S+?)>?\s*$")
FENCE = re.compile(r"^\s*(```|~~~)")
CODE = re.compile(r"`[^`]*`")


def prose(path):
    """The lines outside of code blocks, with inline code taken out."""
    fenced = False
    for number, text in tidy.lines(path):
        if FENCE.match(text):
            fenced = not fenced
        elif not fenced:
            yield number, text


def anchors(path):
    """The anchors that the headings of a file get, by GitHub's rule."""
    found = set()
    for _, text in prose(path):
        match = re.match(r"#{1,6}\s+(.*?)\s*#*$", text)
        if match:
            words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", match[1].lower())
            slug = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
            copies = sum(1 for known in found if re.fullmatch(re.escape(slug) + r"(-\d+)?", known))
            found.add(f"{slug}-{copies}" if copies else slug)
        found.update(re.findall(r"<a (?:id|name)=\"([^\"]+)\"", text))
    return found


def problem(path, root, target):
    """What is wrong with a link in `path`, or None."""
    if re.match(r"[a-z][a-z0-9+.-]*:", target):
        return None
    name, _, anchor = target.partition("#")
    linked = (path.parent / name).resolve() if name else path
    if name.startswith("/") or root.resolve() not in [linked, *linked.parents]:
        return "leads out of the repository"
    if not linked.exists():
        return "leads nowhere"
    if anchor and linked.suffix == ".md" and anchor not in anchors(linked):
        return "names no heading of that file"
    return None


def check(root):
    findings = []
    root = root.resolve()
    for path in tidy.files(root, "*.md"):
        for number, text in prose(path):
            text = CODE.sub("", text)
            for target in LINK.findall(text) + REFERENCE.findall(text):
                why = problem(path, root, target)
                if why:
                    findings.append(f"{path.relative_to(root)}:{number}: link '{target}' {why}")
    return findings


GOOD = {
    "README.md": "[a](docs/a.md) [b](docs/a.md#the-b-c \"t\") [web](https://example.org/x)\n"
                 "![i](i.png)\n\n[ref]: docs/a.md\n\n# Top\n\n[top](#top) `[x](nowhere.md)`\n"
                 "```\n[y](nowhere.md)\n```\n",
    "docs/a.md": "# The `b`, c\n[up](../README.md#top) [folder](.)\n",
    "i.png": "",
}
BAD = [
    ({"README.md": "text\n[a](docs/b.md)\n"}, r"README\.md:2: link 'docs/b\.md' leads nowhere"),
    ({"README.md": "![a](b.png)\n"}, "leads nowhere"),
    ({"README.md": "[a]: b.md\n"}, "leads nowhere"),
    ({"README.md": "# Top\n[a](#topp)\n"}, "names no heading"),
    ({"README.md": "[a](b.md#c)\n", "b.md": "# d\n```\n# c\n```\n"}, "names no heading"),
    ({"docs/a.md": "[a](../../outside.md)\n"}, "leads out of the repository"),
]

if __name__ == "__main__":
    tidy.run(check, GOOD, BAD)
