-- `pareto test pareto-80-20`
return tests "pareto-80-20" {
  as_of = "2026-11-01",

  decide "abc" [[
    spent | ahead || abc | because
    90万  | 0%    || A   | the largest is ahead of nobody, whatever it brings
    10万  | 79.9% || A   | still among those who carry 80 %
    10万  | 80%   || B   | the 80th percent itself is no longer A
    1万   | 95%   || C   |
    0     | null  || C   | who bought nothing is C by the first row
    -5万  | null  || C   | so is who returned more than was bought
  ]],

  case "one account carries four fifths, the next is B" {
    given = {
      account = [[
        code | name     | status
        C1   | 华东仪表 | active
        C2   | 金石电气 | active
        C3   | 宏图光电 | active
        C4   | 天工机床 | active
        C5   | 老客户   | closed
      ]],
      monthly = [[
        revenue C1  800 x12
        revenue C2  150 x12
        revenue C3  50 x12
        revenue C5  900 x12
      ]],
    },
    expect = {
      changed = [[
        code | abc
        C1   | A
        C2   | B
        C3   | C
        C4   | C
      ]],
      why       = { C4 = "abc row 1: spent" },
      untouched = "C5",
    },
  },

  case "equal values share a place, and so a class" {
    given = {
      account = [[
        code | name | status
        C1   | 甲   | active
        C2   | 乙   | active
        C3   | 丙   | active
      ]],
      monthly = [[
        revenue C1  450 x12
        revenue C2  450 x12
        revenue C3  100 x12
      ]],
    },
    expect = {
      changed = [[
        code | abc
        C1   | A
        C2   | A
        C3   | B
      ]],
    },
  },

  property "everyone gets exactly one class" { accounts = "random 2000", holds = "abc is known" },
}
