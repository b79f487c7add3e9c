-- `pareto test rfm`
return tests "rfm" {
  as_of = "2026-11-01",

  decide "r_cut" [[
    quiet || r_cut | because
    0     || 5     |
    29    || 5     |
    30    || 4     | the cut itself belongs to the older class
    240   || 1     |
    never || 1     | never ordered is longer ago than any day
  ]],

  decide "rfm_segment" [[
    r | f | m || rfm_segment | because
    5 | 5 | 5 || champions   |
    5 | 4 | 1 || loyal       | often and lately, money does not matter
    5 | 1 | 3 || new         | one order, and lately
    4 | 1 | 3 || promising   |
    3 | 5 | 5 || slipping    | even the best, after a while
    2 | 1 | 4 || slipping    |
    2 | 1 | 1 || sleeping    |
    1 | 5 | 5 || lost        |
    - | - | - || -           | an unknown score is no segment
  ]],

  case "who never ordered is outside, who stopped ordering is lost" {
    given = {
      account = [[
        code | name | status
        C1   | 甲   | active
        C2   | 乙   | active
        C3   | 丙   | active
        C4   | 丁   | active
        C5   | 戊   | active
        C6   | 己   | active
      ]],
      monthly = [[
        revenue C1  100 x6 0 x6
        revenue C2  100 x12
        revenue C3  200 x12
        revenue C4  300 x12
        revenue C5  900 x12
      ]],
    },
    expect = {
      changed = [[
        code | rfm_segment
        C1   | lost
      ]],
      untouched = "C6",
    },
  },
}
