-- expect: 1 124
-- says: value|large|timed out|deep|ago
-- line: none
return playbook {
  name = "hostile-metric-ago-doubling",
  metrics = [[
      m0 = revenue_12m
      m1 = ago(m0, 1m) + ago(m0, 2m)
      m2 = ago(m1, 1m) + ago(m1, 2m)
      m3 = ago(m2, 1m) + ago(m2, 2m)
      m4 = ago(m3, 1m) + ago(m3, 2m)
      m5 = ago(m4, 1m) + ago(m4, 2m)
      m6 = ago(m5, 1m) + ago(m5, 2m)
      m7 = ago(m6, 1m) + ago(m6, 2m)
      m8 = ago(m7, 1m) + ago(m7, 2m)
      m9 = ago(m8, 1m) + ago(m8, 2m)
      m10 = ago(m9, 1m) + ago(m9, 2m)
      m11 = ago(m10, 1m) + ago(m10, 2m)
      m12 = ago(m11, 1m) + ago(m11, 2m)
      m13 = ago(m12, 1m) + ago(m12, 2m)
      m14 = ago(m13, 1m) + ago(m13, 2m)
      m15 = ago(m14, 1m) + ago(m14, 2m)
      m16 = ago(m15, 1m) + ago(m15, 2m)
      m17 = ago(m16, 1m) + ago(m16, 2m)
      m18 = ago(m17, 1m) + ago(m17, 2m)
      m19 = ago(m18, 1m) + ago(m18, 2m)
      m20 = ago(m19, 1m) + ago(m19, 2m)
      m21 = ago(m20, 1m) + ago(m20, 2m)
      m22 = ago(m21, 1m) + ago(m21, 2m)
      m23 = ago(m22, 1m) + ago(m22, 2m)
      m24 = ago(m23, 1m) + ago(m23, 2m)
      m25 = ago(m24, 1m) + ago(m24, 2m)
      m26 = ago(m25, 1m) + ago(m25, 2m)
      m27 = ago(m26, 1m) + ago(m26, 2m)
      m28 = ago(m27, 1m) + ago(m27, 2m)
      m29 = ago(m28, 1m) + ago(m28, 2m)
      m30 = ago(m29, 1m) + ago(m29, 2m)
  ]],
  run = function(book)
    error("value " .. tostring(accounts:sum "m30"))
  end,
}
