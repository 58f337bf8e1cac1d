"""Decides SMT-LIB queries: a JSON object a line in, one out.

In: {"solver": "cvc5" | "z3", "text": "(set-logic ALL)...", "limit": 100000}; the limit counts the solver's own steps.
Out: {"result": "sat" | "unsat" | "unknown", "model": {...}, "milliseconds": 1.5}; milliseconds are of CPU time, with
parsing. Strings, bit vectors and numbers are texts in the model; z3 gives none.
"""

import json
import sys
import time

import cvc5
import z3


def solve_with_cvc5(text, limit):
    solver = cvc5.Solver(cvc5.TermManager())
    for option, value in (
        ("produce-models", "true"),
        ("strings-exp", "true"),
        ("rlimit", str(limit)),
    ):
        solver.setOption(option, value)
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, "query")
    symbols = parser.getSymbolManager()
    result = "unknown"
    while True:
        command = parser.nextCommand()
        if command.isNull():
            break
        said = command.invoke(solver, symbols).strip()
        if said.startswith("(error"):
            raise ValueError(said)
        if said:
            # "unknown (RESOURCEOUT)" has its reason with it.
            result = said.split(" ")[0]
    if result != "sat":
        return result, None
    return result, {
        str(constant): cvc5_value(solver.getValue(constant))
        for constant in symbols.getDeclaredTerms()
    }


def cvc5_value(term):
    if term.isStringValue():
        return term.getStringValue()
    if term.isBooleanValue():
        return term.getBooleanValue()
    if term.isBitVectorValue():
        return term.getBitVectorValue(10)
    if term.isIntegerValue():
        return str(term.getIntegerValue())
    return str(term.getRealValue())


def solve_with_z3(text, limit):
    context = z3.Context()
    solver = z3.Solver(ctx=context)
    solver.set("rlimit", limit)
    solver.from_string(text)
    return str(solver.check()), None


SOLVERS = {"cvc5": solve_with_cvc5, "z3": solve_with_z3}


def answer(solve, text, limit):
    start = time.process_time()
    result, model = solve(text, limit)
    return {
        "result": result,
        "model": model,
        "milliseconds": (time.process_time() - start) * 1000,
    }


def main():
    for line in sys.stdin:
        job = json.loads(line)
        print(json.dumps(answer(SOLVERS[job["solver"]], job["text"], job["limit"])), flush=True)


main()
