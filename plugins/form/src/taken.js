// The ids that files of the site have. They come in parts, in order: only those that are asked about are fetched.

export class Taken {
  /** @param {(address: string) => Promise<any>} got a file beside the form */
  constructor(got) {
    this.got = got;
    /** @type {string[]} the first id of each part */
    this.firsts = [];
    /** @type {Map<number, {communities: string[], reports: Record<string, string>}>} */
    this.parts = new Map();
  }

  /** Make known whether a file has this id. @param {string} id */
  async load(id) {
    if (!this.firsts.length) this.firsts = await this.got("ids.json");
    const part = this.partOf(id);
    if (part >= 0 && !this.parts.has(part)) this.parts.set(part, await this.got(`ids/${part}.json`));
  }

  /** @param {string} id */
  isCommunity(id) {
    return this.parts.get(this.partOf(id))?.communities.includes(id) ?? false;
  }

  /** The community of the report that has this id. @param {string} id @returns {string | undefined} */
  communityOf(id) {
    const reports = this.parts.get(this.partOf(id))?.reports;
    return reports && Object.hasOwn(reports, id) ? reports[id] : undefined;
  }

  /** @param {string} id */
  partOf(id) {
    return this.firsts.filter((first) => first <= id).length - 1;
  }
}
