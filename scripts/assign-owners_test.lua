-- `pareto test assign-owners`.
return tests "assign-owners" {
  as_of = "2026-11-01",

  case "who has none gets the nearest, who has one keeps him, whoever is nearer" {
    given = {
      account = [[
        code | name     | status | tier | latitude | longitude
        C1   | 华东仪表 | active | A    | 31.23    | 121.47
        C2   | 金石电气 | active | A    | 30.25    | 120.16
        C3   | 宏图光电 | active | A    | 31.23    | 121.48
        C4   | 老客户   | closed | A    | 31.23    | 121.47
      ]],
      staff = [[
        code | name | grade   | active | start_latitude | start_longitude
        S1   | 李敏 | manager | true   | 31.23          | 121.46
        S2   | 王强 | manager | true   | 30.25          | 120.15
        S3   | 赵总 | director| true   | 31.23          | 121.47
      ]],
      assignment = [[
        account | staff | role  | from_day
        C3      | S2    | owner | 2026-01-01
      ]],
    },
    expect = {
      changed = [[
        code | owner.code | was
        C1   | S1         | null
        C2   | S2         | null
      ]],
      untouched = "C3, C4",
    },
  },

  case "asked again, one in force changes too where the road saved is worth it" {
    args = { again = "true" },
    given = {
      account = [[
        code | name     | status | tier | latitude | longitude
        C1   | 华东仪表 | active | A    | 31.23    | 121.47
        C2   | 金石电气 | active | A    | 30.25    | 120.16
        C3   | 宏图光电 | active | A    | 31.23    | 121.48
      ]],
      staff = [[
        code | name | grade   | active | start_latitude | start_longitude
        S1   | 李敏 | manager | true   | 31.23          | 121.46
        S2   | 王强 | manager | true   | 30.25          | 120.15
      ]],
      assignment = [[
        account | staff | role  | from_day
        C1      | S1    | owner | 2026-01-01
        C3      | S2    | owner | 2026-01-01
      ]],
    },
    expect = {
      changed = [[
        code | owner.code | was
        C2   | S2         | null
        C3   | S1         | S2
      ]],
      untouched = "C1",
    },
  },

  case "nobody who may have it: it stays without" {
    args = { limit = "0" },
    given = {
      account = [[
        code | name     | status | tier | latitude | longitude
        C1   | 华东仪表 | active | A    | 31.23    | 121.47
      ]],
      staff = [[
        code | name | grade   | active | start_latitude | start_longitude
        S1   | 李敏 | manager | true   | 31.23          | 121.46
      ]],
    },
    expect = { untouched = "C1" },
  },
}
