/** What in a text may give its writer away: names, numbers, accounts. Found here, told here, and never in the way. */

// A number stands alone: no digit before or after it. (Lookbehind is not in iOS 14, so the edge is matched.)
const EDGE = "(?:^|[^0-9])";
const HAN = "\\p{Script=Han}";
const SURNAMES =
  "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧阳";
// Words of the trade that begin with a surname, and what a name does not end with.
const NO_NAME = "(?!安全|高空|高处|包工|成员|方面|常客|向来|关于|路过|任何|文员|石料|金属|温度|左右|单位|游客)";
const NAME = `${NO_NAME}(?:欧阳|上官|司马|诸葛|[${SURNAMES}])${HAN}{0,1}(?![员工人师长头手们的了])${HAN}`;
const AFTER = `(?=$|[^${HAN}]|在|于|是|现|从|，)`;

/** @type {[string, RegExp][]} */
const KINDS = [
  [
    "idcard",
    new RegExp(
      `${EDGE}([1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx])(?![0-9])`,
      "gu",
    ),
  ],
  ["phone", new RegExp(`${EDGE}(1[3-9][0-9]{9})(?![0-9])`, "gu")],
  ["landline", new RegExp(`${EDGE}(0[1-9][0-9]{8,10})(?![0-9])`, "gu")],
  ["landline", /(?:电话|座机|固话)[^0-9]{0,4}([2-9][0-9]{6,7})(?![0-9])/gu],
  ["work_number", /(?:工号|胸牌号?|员工号|工牌号?)[^0-9A-Za-z]{0,3}([A-Za-z]{0,4}[0-9]{2,12})/gu],
  ["qq", /(?:QQ|扣扣|企鹅号)[^0-9]{0,4}([1-9][0-9]{4,11})(?![0-9])/giu],
  [
    "wechat",
    /(?:微信|weixin|wechat|vx|wx|薇信|威信)[^0-9A-Za-z]{0,5}([A-Za-z][-_0-9A-Za-z]{5,19}|1[3-9][0-9]{9}|[0-9]{6,12})/giu,
  ],
  ["mail", /([0-9A-Za-z._%+-]{1,64}@[0-9A-Za-z-]{1,64}(?:\.[0-9A-Za-z-]{1,32})+)/gu],
  ["name", new RegExp(`((?:我叫|我的名字是|我名叫|我的姓名是)${HAN}{2,4}?)${AFTER}`, "gu")],
  ["name", new RegExp(`((?:我是|我就是|本人是?|本人叫|姓名[::]?|我)(?:[^,。;、\\s]{1,10}的)?${NAME})${AFTER}`, "gu")],
  ["name", new RegExp(`(我姓[${SURNAMES}])`, "gu")],
];

/** Everything found, each once, in the order of the kinds. @param {string} text @returns {{word: string, found: string}[]} */
export function findMyself(text) {
  const plain = text.normalize("NFKC").replace(/([0-9])[ \-·.]+(?=[0-9])/g, "$1");
  /** @type {Map<string, string>} */
  const all = new Map();
  for (const [word, pattern] of KINDS) {
    for (const match of matches(pattern, plain)) if (!all.has(match)) all.set(match, word);
  }
  return [...all].map(([found, word]) => ({ word, found }));
}

/** What the pattern's first group takes, everywhere; an edge may be shared by two. @param {RegExp} pattern @param {string} text @returns {string[]} */
function matches(pattern, text) {
  const found = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    found.push(match[1]);
    pattern.lastIndex = match.index + match[0].length - (match[0].length > 1 ? 1 : 0);
  }
  return found;
}
