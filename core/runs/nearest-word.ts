/** Where this layer always had it; layers below need it as well. */
export { editDistance, nearestWord, suggest } from '../nearest-word.ts';
