/** The entry of the window. */
import './theme.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { openShell } from './connect/open-shell.ts';

mount(App, { target: document.getElementById('window')!, props: { shell: openShell() } });
