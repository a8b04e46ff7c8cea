/** The entry of the gallery: `?view=NAME` shows one view alone, as large as the window, `?theme=dark` the dark colours. */
import '../theme.css';
import './gallery.css';
import { mount } from 'svelte';
import { readData } from './data.ts';
import Gallery from './Gallery.svelte';

const query = new URLSearchParams(location.search);
document.documentElement.dataset.theme = query.get('theme') ?? 'light';
mount(Gallery, {
  target: document.getElementById('gallery')!,
  props: { data: await readData(), only: query.get('view') ?? undefined },
});
