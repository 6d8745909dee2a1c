/* The form of the practice round: a made-up stall, eight questions, every kind of answer once. Never sent. */

const ROWS = [
  ["stall", "摊位", "The stall"], ["name", "摊主姓名或俗称", "Name of the vendor"], ["food", "卖什么？", "What is sold?"], ["covered", "熟食有没有盖？", "Is cooked food covered?"],
  ["people", "几个人干活？", "How many people work here?"], ["pictures", "拍照", "Photos"], ["photo", "拍一张照片", "Take a photo"], ["spot", "位置", "Position"],
  ["end", "签名", "Signature"], ["sign", "请摊主签名", "The vendor signs"], ["hint", "随便写，练习的内容不会上传", "Write anything: practice is never sent"],
];
const CHOICES = { food: [["bun", "包子馒头", "Buns"], ["fried", "油炸小吃", "Fried snacks"], ["cold", "凉菜", "Cold dishes"], ["tofu", "豆制品", "Soy products"]], yes_no: [["yes", "是", "Yes"], ["no", "否", "No"]] };

const words = (column) => [
  ...ROWS.map((row) => `<text id="${row[0]}"><value>${row[column]}</value></text>`),
  ...Object.entries(CHOICES).flatMap(([list, items]) => items.map((item) => `<text id="${list}-${item[0]}"><value>${item[column]}</value></text>`)),
].join("");
const list = (name) => `<instance id="${name}"><root>${CHOICES[name].map(([value]) => `<item><itextId>${name}-${value}</itextId><name>${value}</name></item>`).join("")}</root></instance>`;
const label = (name) => `<label ref="jr:itext('${name}')"/>`;
const items = (name) => `<itemset nodeset="instance('${name}')/root/item"><value ref="name"/><label ref="jr:itext(itextId)"/></itemset>`;
const bind = (path, rest) => `<bind nodeset="/data/${path}" ${rest}/>`;

const xform = `<?xml version="1.0"?><h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms">
<h:head><h:title>练习</h:title><model><itext><translation lang="中文 (zh)" default="true()">${words(1)}</translation><translation lang="English (en)">${words(2)}</translation></itext>
<instance><data id="practice" version="1"><stall><name/><food/><covered/><people/></stall><pictures jr:template=""><photo/></pictures><pictures><photo/></pictures><where><spot/></where><end><sign/></end><orx:meta><orx:instanceID/></orx:meta></data></instance>${list("food")}${list("yes_no")}
${bind("stall/name", 'type="string" required="true()"')}${bind("stall/food", 'type="string" required="true()"')}${bind("stall/covered", 'type="string" required="true()"')}${bind("stall/people", 'type="int" constraint=". &gt; 0 and . &lt; 100"')}
${bind("pictures/photo", 'type="binary" required="true()"')}${bind("where/spot", 'type="geopoint"')}${bind("end/sign", 'type="binary"')}<bind nodeset="/data/orx:meta/orx:instanceID" type="string" readonly="true()" jr:preload="uid"/></model></h:head>
<h:body><group ref="/data/stall">${label("stall")}<input ref="/data/stall/name">${label("name")}<hint ref="jr:itext('hint')"/></input><select ref="/data/stall/food">${label("food")}${items("food")}</select><select1 ref="/data/stall/covered">${label("covered")}${items("yes_no")}</select1><input ref="/data/stall/people">${label("people")}</input></group>
<group ref="/data/pictures">${label("pictures")}<repeat nodeset="/data/pictures"><upload ref="/data/pictures/photo" mediatype="image/*">${label("photo")}</upload></repeat></group>
<group ref="/data/where">${label("spot")}<input ref="/data/where/spot">${label("spot")}</input></group><group ref="/data/end">${label("end")}<upload ref="/data/end/sign" mediatype="image/*" appearance="signature">${label("sign")}</upload></group></h:body></h:html>`;

export const PRACTICE = { code: "practice", version: "1", title: "练习：老李的小吃摊（编造的）", title_en: "Practice: Old Li's snack stall (made up)", xform };
