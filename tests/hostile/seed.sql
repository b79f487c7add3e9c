-- The last two are customers who chose their names with care.
INSERT INTO account(id, code, name, status, tier) VALUES
  (1, 'C0001', '华东仪表', 'active', 'A'), (2, 'C0002', '金石电气', 'active', 'B'), (3, 'C0003', '宏图光电', 'active', NULL),
  (4, 'C0004', '{phone} {contacts.phone} {{x}} %s %p', 'active', 'C'),
  (5, 'C0005', char(27) || '[2J' || char(27) || ']0;gone' || char(7) || char(8238) || '<script>alert(1)</script>' || char(10) || '| C0099 | x "'' =1+1',
   'active', 'C');
INSERT INTO contact(id, code, account, name, phone) VALUES
  (1, 'P1', 1, '王建国', '13900000001'), (2, 'P2', 2, '陈立', '13900000002');
