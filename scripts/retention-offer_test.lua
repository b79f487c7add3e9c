-- `pareto test retention-offer`.
return tests "retention-offer" {
  as_of = "2026-11-01",

  decide "depth" [[
    answers     | tier || discount
    insensitive | A    || 0%
    sensitive   | A    || 6%
    sensitive   | C    || 4%
    unknown     | A    || 3%
    unknown     | D    || 2%
  ]],

  decide "retention" [[
    risk | answers     | next_year | last_save | softened | wins  || retention   | because
    59%  | sensitive   | 50万      | never     | 1        | 3万   || none        | under the company's red
    60%  | insensitive | 50万      | never     | 1        | 3万   || other       | price would change nothing
    60%  | sensitive   | 0         | never     | 1        | 3万   || none        | nothing to keep
    60%  | sensitive   | 50万      | 170d      | 1        | 3万   || wait        | one offer in six months
    60%  | sensitive   | 50万      | 190d      | 0        | 3万   || offer-first | not price first
    60%  | sensitive   | 50万      | 190d      | 1        | 5000  || no          | only where it pays
    60%  | sensitive   | 50万      | 190d      | 1        | 5001  || pays        |
    null | sensitive   | 50万      | never     | 1        | 3万   || unknown     | what is not known earns no offer
    60%  | unknown     | 50万      | never     | 1        | null  || unknown     |
  ]],
}
