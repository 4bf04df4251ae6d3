"""What redundancy achieves against attacks: the tables of docs/validation.md.

usage: attacks.py BUILD [--quick]
"""

import glob
import json
import os
import re
import tempfile

import measure

FOLDER = os.path.join(measure.ROOT, "configs", "attacks")
PAGE = os.path.join(measure.ROOT, "docs", "validation.md")
MIXES = {"mix-honest": "honest",
         "mix-saboteurs": "10 % saboteurs, one answer in ten wrong",
         "mix-colluders": "20 % colluders, one job in ten",
         "mix-on-off": "10 % that build trust and betray",
         "mix-colluding-on-off": "20 % that build trust, and betray together",
         "mix-sdc": "1 % of nodes with silent corruption, one job in a hundred"}
COLUMNS = {"quorum of 2": "{policy: fixed, target_nresults: 2, min_quorum: 2}",
           "BOINC adaptive": "{policy: boinc_adaptive}",
           "`arbitrated`": None}  # as the file says
PAIRS = {"a04-commit-reveal": "A4, copiers, `commit_reveal`",
         "a08-domain-placement": "A8, a farm of colluders, `domain_placement`",
         "a10-identity-cost": "A10, liars under new names, `identity_cost`, `vesting`",
         "a11-audit-floor": "A11, long sleepers, `audit_floor`",
         "a11-vesting": "A11, long sleepers, `vesting`",
         "a11-backtracking": "A11, long sleepers, `backtracking`",
         "a13-cross-class": "A13, a defect of a host class, `cross_class`",
         "a25-witness": "A25, a coordinator that spares a group, `witness`"}


def under(text, rules):
    """A scenario with other rules of validation, and its platform by its full name."""
    text = re.sub(r"(?m)^platform: ", f"platform: {FOLDER}/", text)
    if rules is None:
        return text
    changed, count = re.subn(r"(?m)^validation:\s+\{[^}]*\}", f"validation: {rules}", text)
    if count != 1:
        raise measure.Failure("a mix has one section 'validation', in braces")
    return changed


def run_all(nexa, quick):
    """Figures of all mixes under all rules and of all pairs, from one command."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = {}
        for mix in MIXES:
            with open(os.path.join(FOLDER, mix + ".yaml"), encoding="utf-8") as source:
                text = source.read()
            for number, (column, rules) in enumerate(COLUMNS.items()):
                path = os.path.join(folder, f"{mix}-{number}.yaml")
                with open(path, "w", encoding="utf-8") as out:
                    out.write(under(text, rules))
                wanted[path] = (mix, column)
        for path in glob.glob(os.path.join(FOLDER, "a*.yaml")):
            pair, side = os.path.basename(path).removesuffix(".yaml").rsplit("-", 1)
            wanted[path] = (pair, side)
        command = [nexa, "sim", "run", "--json", "--quiet", *wanted]
        if quick:
            command += ["--first", "2000"]
        runs = json.loads(measure.run(command).output)["runs"]
    return {wanted[one["scenario"]]: one["run"] for one in runs}


def share(validation):
    if validation["wrong_accepted"] == 0:
        return "0"
    return f"{validation['wrong_share']:.1e}".replace("e-0", "e-")


def mix_table(runs):
    rows = []
    for mix, what in MIXES.items():
        cells = [runs[mix, column]["validation"] for column in COLUMNS]
        ours = cells[-1]
        rows.append([what]
                    + [f"{share(cell)}, {cell['copies_per_job_steady']:.3f}" for cell in cells]
                    + [str(ours["wrong_at_first"]),
                       f"{ours['honest_convicted']} of {ours['honest_identities']}"])
    return measure.table(["mix", *COLUMNS, "wrong at first", "honest convicted"], rows)


def hostile_profit(run):
    """Of a node whose behaviour is not honest, in credits."""
    if run["credits"] is None:
        return "–"
    hostile = [one for one in run["credits"]["behaviours"] if one["intent"] == "hostile"]
    nodes = sum(one["nodes"] for one in hostile)
    if nodes == 0:
        return "–"
    return f"{sum(one['profit'] for one in hostile) / 1e6 / nodes:.2f}"


def identities(validation):
    hostile = [one for one in validation["behaviours"] if one["intent"] == "hostile"]
    return sum(one["identities"] for one in hostile) or "–"


def pair_table(runs):
    rows = []
    for pair, what in PAIRS.items():
        off, on = runs[pair, "off"], runs[pair, "on"]

        def both(figure, off=off, on=on):
            return f"{figure(off)} / {figure(on)}"
        rows.append([what,
                     both(lambda run: run["validation"]["wrong_accepted"]),
                     both(lambda run: run["validation"]["wrong_at_first"]),
                     both(lambda run: run["validation"]["honest_convicted"]),
                     both(lambda run: run["validation"]["undetected"]),
                     both(lambda run: identities(run["validation"])),
                     both(hostile_profit)])
    return measure.table(["pair, off / on", "wrong in the end", "wrong at first",
                          "honest convicted", "wrong and never convicted", "names of liars",
                          "profit of a liar"], rows)


def main():
    arguments = measure.parser(re.sub(r"\n.*", "", __doc__)).parse_args()
    print("attacks ...", flush=True)
    runs = run_all(measure.nexa_of(arguments.build), arguments.quick)
    for name, text in (("mixes", mix_table(runs)), ("pairs", pair_table(runs))):
        print("\n" + text)
        if not arguments.quick:
            measure.replace_section(name, text, PAGE)


if __name__ == "__main__":
    measure.run_main(main)
