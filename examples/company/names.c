#include "names.h"

#include <stdio.h>
#include <string.h>

const char *const region_name[REGIONS] = {"华东", "华南", "华北", "华中", "西南", "西北", "东北"};

const City city_table[] = {
  {"上海", 0, 16, 31.23, 121.47}, {"苏州", 0, 9, 31.30, 120.58},  {"杭州", 0, 9, 30.27, 120.15},
  {"南京", 0, 7, 32.06, 118.80},  {"宁波", 0, 6, 29.87, 121.54},  {"无锡", 0, 5, 31.49, 120.31},
  {"合肥", 0, 4, 31.82, 117.23},  {"济南", 0, 4, 36.65, 117.12},  {"青岛", 0, 5, 36.07, 120.38},
  {"深圳", 1, 12, 22.54, 114.06}, {"广州", 1, 10, 23.13, 113.26}, {"佛山", 1, 5, 23.02, 113.12},
  {"东莞", 1, 6, 23.02, 113.75},  {"厦门", 1, 4, 24.48, 118.09},  {"福州", 1, 3, 26.07, 119.30},
  {"北京", 2, 12, 39.90, 116.41}, {"天津", 2, 6, 39.08, 117.20},  {"石家庄", 2, 3, 38.04, 114.51},
  {"太原", 2, 2, 37.87, 112.55},  {"武汉", 3, 7, 30.59, 114.31},  {"长沙", 3, 5, 28.23, 112.94},
  {"郑州", 3, 5, 34.75, 113.62},  {"南昌", 3, 2, 28.68, 115.86},  {"成都", 4, 8, 30.57, 104.07},
  {"重庆", 4, 7, 29.56, 106.55},  {"昆明", 4, 3, 25.04, 102.71},  {"贵阳", 4, 2, 26.65, 106.63},
  {"西安", 5, 5, 34.34, 108.94},  {"兰州", 5, 2, 36.06, 103.83},  {"乌鲁木齐", 5, 2, 43.83, 87.62},
  {"沈阳", 6, 4, 41.80, 123.43},  {"大连", 6, 4, 38.91, 121.61},  {"长春", 6, 2, 43.82, 125.32},
  {"哈尔滨", 6, 3, 45.80, 126.53},
};
const int city_count = sizeof city_table / sizeof *city_table;

/* The spring festival empties February; ministries and carriers buy late in the year, schools in summer. */
#define EVEN {0.92, 0.66, 1.06, 1.08, 1.05, 1.07, 1.00, 0.98, 1.05, 1.04, 1.04, 1.05}
#define SUMMER {0.70, 0.50, 0.90, 0.95, 1.10, 1.30, 1.55, 1.45, 1.10, 0.90, 0.80, 0.75}
#define LATE {0.80, 0.60, 0.90, 0.95, 0.95, 1.00, 0.95, 0.95, 1.10, 1.20, 1.25, 1.35}
#define SPRING {0.85, 0.70, 1.25, 1.30, 1.25, 1.15, 1.00, 0.95, 0.95, 0.90, 0.85, 0.85}
const Industry industry_table[INDUSTRIES] = {
  {"装备制造", {"重工", "机床", "机械", "装备"}, 20, EVEN},
  {"电子", {"光电", "电子", "微电", "器件"}, 15, EVEN},
  {"化工", {"化工", "涂料", "助剂", "新材"}, 12, SPRING},
  {"能源", {"能源", "电气", "热力", "储能"}, 10, LATE},
  {"电信", {"通信", "网络", "数据", "云联"}, 8, LATE},
  {"医疗", {"医械", "制药", "医疗", "生物"}, 10, EVEN},
  {"食品", {"食品", "乳业", "饮料", "粮油"}, 8, SUMMER},
  {"教育", {"教育", "学院", "书业", "文教"}, 5, SUMMER},
  {"交通", {"港机", "物流", "轨道", "客运"}, 7, EVEN},
  {"建材", {"建材", "玻璃", "水泥", "管业"}, 5, SPRING},
};

const Line line_table[LINES] = {
  {"仪表", "Y", "台", {"压力表", "流量计", "温控器", "液位计"}, 180, 9000, 0.66},
  {"阀门", "V", "台", {"球阀", "蝶阀", "调节阀", "截止阀"}, 220, 16000, 0.70},
  {"传感器", "S", "只", {"压力传感器", "温度传感器", "位移传感器", "气体传感器"}, 60, 2600, 0.62},
  {"控制系统", "K", "套", {"控制柜", "采集站", "监控系统", "变频柜"}, 8000, 180000, 0.68},
  {"备件", "B", "件", {"密封件", "执行器", "接头", "滤芯"}, 20, 900, 0.58},
  {"服务", "F", "人天", {"安装调试", "校准", "年度维保", "培训"}, 1200, 5200, 0.72},
};

static const char *const first_syllable[] = {
  "澄", "栎", "霁", "昀", "岚", "泓", "珩", "峤", "汀", "莘", "琰", "祁", "钧", "翊", "淳", "骁", "湛", "禾", "浔", "攸",
  "槿", "璟", "沅", "栩", "煦", "旻", "铎", "苇", "榆", "砚", "翎", "岑", "湄", "桓", "棠", "鄞", "昶", "缙", "穗", "漪",
};
static const char *const second_syllable[] = {
  "远", "川", "拓", "峰", "衡", "维", "朗", "博", "达", "科", "信", "辰", "宇", "森", "源", "泰", "捷", "诚", "嘉", "盛",
  "和", "润", "启", "凌", "创", "安", "同", "立", "申", "隆", "元", "晟", "智", "奥", "邦", "联", "越", "宏", "锐", "方",
};
static const char *const partner_word[] = {"商贸", "系统集成", "机电设备", "技术服务", "供应链"};
static const char *const surname[] = {
  "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭", "何", "高", "林", "罗",
  "郑", "梁", "谢", "宋", "唐", "许", "韩", "冯", "邓", "曹", "彭", "曾", "肖", "田", "董", "袁", "潘", "蔡", "余", "杜",
  "叶", "程", "苏", "魏", "吕", "丁", "任", "沈", "姚", "卢", "姜", "崔", "钟", "谭", "陆", "汪", "范", "金", "石", "廖",
};
static const char *const given[] = {
  "伟", "敏", "静", "磊", "洋", "艳", "勇", "军", "杰", "娟", "涛", "超", "霞", "平", "刚", "丽", "强", "宁", "航", "芳",
  "立", "明", "云", "凯", "晨", "琳", "雪", "峰", "浩", "倩", "建", "国", "志", "文", "海", "春", "红", "玉", "佳", "欣",
  "子", "晓", "思", "嘉", "雨", "成", "东", "新", "永", "家", "德", "光", "清", "泽", "亦", "若", "一", "可", "天", "向",
};
#define COUNT(a) ((int)(sizeof(a) / sizeof *(a)))
enum { BRANDS = COUNT(first_syllable) * COUNT(second_syllable) };

/* Walks through all brands in an order of its own; `salt` starts somewhere else. */
static const char *brand(char out[NAME_SIZE], uint64_t seed, uint64_t salt, int n) {
  unsigned at = (unsigned)((rng_mix(seed ^ (salt << 32)) % BRANDS + (uint64_t)n * 761) % BRANDS);
  snprintf(out, NAME_SIZE, "%s%s", first_syllable[at / COUNT(second_syllable)],
           second_syllable[at % COUNT(second_syllable)]);
  return out;
}

void name_company(char out[NAME_SIZE], uint64_t seed, int industry, int n) {
  static const char *const wider[] = {"", "中", "北", "南", "新"};
  const char *const *words = industry_table[industry].words;
  char b[NAME_SIZE];
  int round = n / BRANDS;
  brand(b, seed, 16 + (uint64_t)industry, n);
  snprintf(out, NAME_SIZE, "%.12s%s%s", b, wider[round / 4 % COUNT(wider)], words[(n + round) % 4]);
}

void name_group(char out[NAME_SIZE], uint64_t seed, int n) {
  char b[NAME_SIZE];
  snprintf(out, NAME_SIZE, "%.12s集团", brand(b, seed, 2, n));
}

void name_partner(char out[NAME_SIZE], uint64_t seed, int n) {
  char b[NAME_SIZE];
  snprintf(out, NAME_SIZE, "%.12s%s", brand(b, seed, 3, n), partner_word[n % COUNT(partner_word)]);
}

void name_person(char out[NAME_SIZE], Rng *r) {
  const char *family = surname[rng_below(r, COUNT(surname))], *one = given[rng_below(r, COUNT(given))];
  const char *two = rng_chance(r, 0.6) ? given[rng_below(r, COUNT(given))] : "";
  snprintf(out, NAME_SIZE, "%s%s%s", family, one, two);
}

int name_city(Rng *r) {
  int total = 0, i = 0;
  for (int k = 0; k < city_count; k++) total += city_table[k].weight;
  int at = rng_below(r, total);
  while (at >= city_table[i].weight) at -= city_table[i++].weight;
  return i;
}
