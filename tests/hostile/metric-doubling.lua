-- expect: 1 124
-- says: value|large|timed out|deep
-- line: none
return playbook {
  name = "hostile-metric-doubling",
  metrics = [[
      m0 = 1
      m1 = m0 + m0
      m2 = m1 + m1
      m3 = m2 + m2
      m4 = m3 + m3
      m5 = m4 + m4
      m6 = m5 + m5
      m7 = m6 + m6
      m8 = m7 + m7
      m9 = m8 + m8
      m10 = m9 + m9
      m11 = m10 + m10
      m12 = m11 + m11
      m13 = m12 + m12
      m14 = m13 + m13
      m15 = m14 + m14
      m16 = m15 + m15
      m17 = m16 + m16
      m18 = m17 + m17
      m19 = m18 + m18
      m20 = m19 + m19
      m21 = m20 + m20
      m22 = m21 + m21
      m23 = m22 + m22
      m24 = m23 + m23
      m25 = m24 + m24
      m26 = m25 + m25
      m27 = m26 + m26
      m28 = m27 + m27
      m29 = m28 + m28
      m30 = m29 + m29
      m31 = m30 + m30
      m32 = m31 + m31
      m33 = m32 + m32
      m34 = m33 + m33
      m35 = m34 + m34
      m36 = m35 + m35
      m37 = m36 + m36
      m38 = m37 + m37
      m39 = m38 + m38
      m40 = m39 + m39
      m41 = m40 + m40
      m42 = m41 + m41
      m43 = m42 + m42
      m44 = m43 + m43
      m45 = m44 + m44
      m46 = m45 + m45
      m47 = m46 + m46
      m48 = m47 + m47
      m49 = m48 + m48
      m50 = m49 + m49
      m51 = m50 + m50
      m52 = m51 + m51
      m53 = m52 + m52
      m54 = m53 + m53
      m55 = m54 + m54
      m56 = m55 + m55
      m57 = m56 + m56
      m58 = m57 + m57
      m59 = m58 + m58
      m60 = m59 + m59
  ]],
  run = function(book)
    error("value " .. tostring(accounts:sum "m60"))
  end,
}
