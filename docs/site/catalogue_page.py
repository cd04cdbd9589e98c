# SPDX-License-Identifier: GPL-2.0-or-later
"""The catalogue of the captures as a page to search in: every entry stands in it, so that it can be read without
JavaScript; js/catalogue.js hides what is not asked for.

Owns: what an entry looks like, and which words it is found by.
"""
from lesson_html import escaped

INTRODUCTION = """# Catalogue of the captures

%d captures, one behaviour each, each with a story to step through. `captures/manifest.json` has the same for programs.
[How they are made, and how to write one](README.md).

"""
CONTROLS = """<form id="catalogue-search" role="search" hidden>
<p><label>Search<input type="search" id="words" autocomplete="off" aria-describedby="words-help"></label>
<label>Phase<select id="phase"><option value="">any</option><option>1</option><option>2</option><option>3</option>
<option value="none">about none</option></select></label>
<label>Family<select id="family"><option value="">any</option><option value="IPv4/IPv4">IPv4 over IPv4</option>
<option value="IPv6/IPv4">IPv4 over IPv6</option><option value="IPv4/IPv6">IPv6 over IPv4</option>
<option value="IPv6/IPv6">IPv6 over IPv6</option></select></label>
<label>The audit finds<select id="audit"><option value="">anything</option><option value="violation">a violation</option>
<option value="mistake">a mistake</option><option value="note">a note</option><option value="nothing">nothing</option>
</select></label></p>
<p id="words-help">All words must be there: a name, a clause (5.2.4), a feature (nak-14), a role (egress), a rule of the
audit. <output id="shown" aria-live="polite"></output></p>
</form>
"""
JUDGEMENTS = {"planted": "made to show it", "true": "true, and beside the point", "disputed": "the rule is too hasty here",
              "unseen": "what made it right is not in the capture"}


def _plural(count, word):
    return "%d %s%s" % (count, word, "" if count == 1 else "s")


def _cast(cast):
    """Who takes part, in words."""
    words = [_plural(cast[key], word) for key, word in (("hubs", "hub"), ("spokes", "spoke"),
                                                        ("scripted_peers", "scripted peer"), ("nats", "NAT")) if cast[key]]
    return ", ".join(words)


def search_words(entry):
    """All by which an entry is found, in lower case."""
    audit = entry["audit"]["findings"]
    parts = [entry["name"], entry["title"], entry["story"], entry["origin"], _cast(entry["cast"]), *entry["clauses"],
             *entry["features"], *entry["roles"], *(finding["rule"] for finding in audit),
             *(finding["requirement"] for finding in audit), *(finding["words"] for finding in audit)]
    return " ".join(" ".join(parts).lower().split())


def _facts(entry):
    families = entry["families"]
    facts = ["Phase %d" % entry["phase"]] if entry["phase"] else []
    facts += ["%s over %s" % (families["overlay"], families["underlay"]), _cast(entry["cast"]),
              "%s in %g s" % (_plural(entry["frames"], "frame"), round(entry["duration_s"], 2)), entry["origin"]]
    return " · ".join(escaped(fact) for fact in facts if fact)


def _files(entry):
    name = entry["name"]
    files = [("stories/%s.html" % name, "step through the story", False), (entry["capture"], "pcapng", True),
             ("classic/%s.pcap" % name, "pcap", True)]
    if "keys" in entry:
        files.append((entry["keys"], "ESP keys", True))
    files.append((entry["scenario"], "scenario" if entry["origin"] == "simulated" else "description", False))
    return " ".join('<a href="%s"%s>%s</a>' % (escaped(href), " download" if load else "", words)
                    for href, words, load in files)


def _findings(entry):
    findings = entry["audit"]["findings"]
    if not findings:
        return "<p>The audit finds nothing to say.</p>"
    rows = "".join(
        '<li><strong>%s</strong>: %s (<a href="../docs/requirements.html#%s">%s</a>, frames %s). %s: %s</li>' % (
            finding["severity"], escaped(finding["words"]), escaped(finding["requirement"]),
            escaped(finding["requirement"]), ", ".join(str(frame) for frame in finding["frames"]), JUDGEMENTS[finding["judgement"]].capitalize(),
            escaped(finding["why"])) for finding in findings)
    return "<details><summary>The audit finds %s</summary><ul>%s</ul></details>" % (_plural(len(findings), "thing"), rows)


def _tag(word):
    return '<a class="tag" href="#q=%s">%s</a>' % (escaped(word), escaped(word))


def _entry(entry):
    severities = sorted({finding["severity"] for finding in entry["audit"]["findings"]}) or ["nothing"]
    return """<article class="capture" data-phase="%s" data-family="%s" data-audit="%s" data-words="%s">
<h3 id="%s"><a href="stories/%s.html">%s</a> <code>%s</code></h3>
<p>%s</p>
<p class="facts">%s</p>
<p class="links">%s</p>
<p class="tags">%s</p>
%s
<details><summary>Clauses, sums, commands</summary><p>%s</p>
<p><code>%s</code></p><p><code>%s</code></p><p>sha256 <code>%s</code></p></details>
</article>""" % (
        entry["phase"] or "none", "%(underlay)s/%(overlay)s" % entry["families"], " ".join(severities),
        escaped(search_words(entry)), entry["name"], entry["name"], escaped(entry["title"]), entry["name"],
        escaped(entry["story"].strip()), _facts(entry), _files(entry), " ".join(map(_tag, entry["features"])),
        _findings(entry), escaped("; ".join(entry["clauses"])), escaped(entry["generator"]),
        escaped(entry["audit"]["command"]), entry["sha256"])


def page(manifest):
    """The page as Markdown with HTML in it."""
    captures = manifest["captures"]
    return INTRODUCTION % len(captures) + CONTROLS + "\n" + '<div id="captures">\n%s\n</div>\n' % "\n".join(
        _entry(entry) for entry in captures)
