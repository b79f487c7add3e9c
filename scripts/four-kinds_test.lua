-- `pareto test four-kinds`
return tests "four-kinds" {
  as_of = "2026-11-01",

  decide "kind" [[
    群体规模 | 社会影响力 | 年收入  | 业务需求 | 扩充能力 || 类别 | 决定因素   | because
    10       | 4          | 0       | 1        | 1        || 重要 | 社会影响力 | influence goes before income
    800      | 3          | 500万   | 3        | 5        || 集团 | 群体规模   |
    800      | 3          | 500万   | 2        | 5        || 商业 | 年收入     | many people without a need are no group customer
    499      | 3          | 500万   | 3        | 4        || 战略 | 扩充能力   |
    499      | 3          | 100万   | 3        | 3        || 商业 | 年收入     |
    499      | 3          | 99万    | 5        | 3        || 普通 | -          |
    900      | 1          | 99万    | 1        | 1        || 普通 | -          | no row hits: the else row
    10       | null       | 500万   | 5        | 5        || 待定 | -          | an influence nobody rated is not a small one
    10       | 5          | null    | null     | null     || 重要 | 社会影响力 | what the first row does not ask may be unknown
  ]],

  case "the head of a group counts its companies' people" {
    given = {
      account = [[
        code | name     | status | parent | headcount | influence_rating | growth_potential
        G1   | 集团     | active |        | 20        | 2                | 10
        G2   | 甲公司   | active | G1     | 300       | 5                | 20
        G3   | 乙公司   | active | G1     | 250       | 1                | 30
        G4   | 单独     | active |        | 40        | 1                | 40
        G5   | 未评     | active |        | 40        |                  | 50
      ]],
      product = [[
        code | name | line | active
        P1   | 阀门 | 阀门 | true
      ]],
      need = [[
        account | scope        | state | product_line | opened     | closed
        G1      | organisation | pain  | 阀门         | 2026-05-01 |
        G1      | organisation | blind | 阀门         | 2026-05-01 |
        G3      | organisation | blind | 阀门         | 2026-05-01 |
        G4      | organisation | sweet | 阀门         | 2026-05-01 |
        G4      | organisation | blind | 阀门         | 2026-05-01 | 2026-06-01
      ]],
      monthly = [[
        revenue G1  10 x12
        revenue G2  10 x12
        revenue G3  10 x12
        revenue G4  10 x12
      ]],
    },
    expect = {
      changed = [[
        code | 类别
        G1   | 集团
        G2   | 重要
        G3   | 普通
        G4   | 战略
        G5   | 待定
      ]],
      -- G1: one of two open needs is felt and answered: 1 + 4 × 1/2. G4: the closed one is no open need.
      values = [[
        code | 群体规模 | 业务需求 | 扩充能力 | nearly('kind', '重要') | nearly('kind', '重要').missed
        G1   | 550      | 3        | 1        | true                   | 社会影响力
        G3   | 250      | 1        | 3        | true                   | 社会影响力
        G4   | 40       | 5        | 4        | true                   | 社会影响力
        G2   | 300      | null     | 2        | false                  | null
      ]],
    },
  },
}
