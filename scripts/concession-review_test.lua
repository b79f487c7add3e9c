-- `pareto test concession-review`.
return tests "concession-review" {
  as_of = "2026-11-01",

  decide "precedent" [[
    place || because
    1     || the first exception
    3     || third such exception this quarter
    5     || a rule by now
  ]],
}
