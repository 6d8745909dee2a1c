/* What the page must know of a form and its answers beside filling them; read from the XML, without the engine. */

const ENTITIES = "http://www.opendatakit.org/xforms/entities";

/** A form: where the place is chosen, and which answers are kept in the list of places. */
export class Outline {
  /** @param {string} xform */
  constructor(xform) {
    const document = new DOMParser().parseFromString(xform, "text/xml");
    const sets = [...document.getElementsByTagName("itemset")];
    const places = sets.find((set) => /^instance\(['"]places['"]\)/.test(set.getAttribute("nodeset") ?? ""));
    /** Reference of the question that chooses the place; empty when there is none. */
    this.chooser = places?.parentNode.getAttribute("ref") ?? "";
    /** Reference -> property of the list. @type {[string, string][]} */
    this.kept = [...document.getElementsByTagName("bind")].flatMap((bind) => {
      const property = bind.getAttributeNS(ENTITIES, "saveto");
      return property ? [[bind.getAttribute("nodeset"), property]] : [];
    });
    this.title = document.getElementsByTagName("h:title")[0]?.textContent ?? "";
  }
}

const child = (node, name) => [...(node?.children ?? [])].find((item) => item.localName === name);

/** The text at a reference like /data/group/name; empty when there is none. */
function textAt(root, reference) {
  let node = root;
  for (const step of reference.split("/").slice(2)) node = child(node, step);
  return node?.textContent ?? "";
}

/**
 * What an answer says of itself: its key, what it replaces, its name, the files it names, the place it makes or changes.
 * @param {string} xml @param {Outline} outline
 */
export function readAnswer(xml, outline) {
  const root = new DOMParser().parseFromString(xml, "text/xml").documentElement;
  const meta = child(root, "meta");
  const entity = child(meta, "entity");
  return {
    instance: child(meta, "instanceID")?.textContent ?? "",
    replaces: child(meta, "deprecatedID")?.textContent ?? "",
    name: child(meta, "instanceName")?.textContent ?? "",
    entity: entity && entityOf(entity, root, outline),
  };
}

const yes = (value) => value === "1" || value === "true";

function entityOf(entity, root, outline) {
  const said = (name) => entity.getAttribute(name) ?? "";
  const values = {};
  for (const [reference, property] of outline.kept) values[property] = textAt(root, reference);
  return {
    id: said("id"), create: yes(said("create")), update: yes(said("update")), base: Number(said("baseVersion")) || 0,
    trunk: said("trunkVersion"), branch: said("branchId"), label: child(entity, "label")?.textContent ?? "", values,
  };
}
