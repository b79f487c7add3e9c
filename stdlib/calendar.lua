-- A rulebook: how the company's days are counted when visits are planned. Holidays and make-up days themselves are rows:
-- table calendar for everybody, table holiday for a region, table absence for a person.
return rulebook {
  name  = "calendar",
  about = "Hours of visits, the speed on the road, the time zone of calendars.",
  args  = [[
    visits_from  : text   = "08:30"          // who has no hours of his own sets out for visits at
    visits_to    : text   = "17:30"          // and is back by
    travel_speed : number = 40 in [1..300]   // km/h on the road, where table travel does not say
    road_factor  : number = 1.3 in [1..5]    // length of a road ÷ straight line
    visits_zone  : text   = "Asia/Shanghai"  // of the calendars that are sent
  ]],
}
