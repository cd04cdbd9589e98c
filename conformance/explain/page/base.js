/* SPDX-License-Identifier: GPL-2.0-or-later */
/* base: the story, and how the other parts make elements. Everything from a capture goes in as text, never as markup. */
"use strict";
const story = JSON.parse(document.getElementById("story").textContent);
const steps = story.steps;
const $ = (id) => document.getElementById(id);

function make(tag, text, attributes = {}) {
    const out = document.createElement(tag);
    if (text !== undefined) out.textContent = text;
    for (const [name, value] of Object.entries(attributes)) out.setAttribute(name, value);
    return out;
}

function draw(tag, attributes, text) {
    const out = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) out.setAttribute(name, value);
    if (text !== undefined) out.textContent = text;
    return out;
}

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
/* Inside a sentence: "the hub", "spoke 2". */
const named = (node) => (story.nodes[node].name === "hub" ? "the " : "") + story.nodes[node].name;
const who = (node, address) => node === null ? address || "somebody" : story.nodes[node].name;

/* The tables and addresses of every station as they are after a step. */
function statesAt(index) {
    const out = new Map();
    for (let i = 0; i <= index; i++)
        for (const state of steps[i].states) out.set(state.node, state);
    return out;
}

const isLive = (row, step) => row.until_s === null || row.until_s > step.time_s;

/* "frame 12" as a way there, if that frame is told. */
function frameLink(frame) {
    const index = steps.findIndex((step) => step.frame === frame);
    if (index < 0) return document.createTextNode("frame " + frame);
    const link = make("button", "frame " + frame, {type: "button", class: "link"});
    link.addEventListener("click", () => show(index));
    return link;
}

function withLinks(element, text) {
    element.textContent = "";
    for (const part of text.split(/(frame \d+)/)) {
        const match = /^frame (\d+)$/.exec(part);
        element.append(match ? frameLink(Number(match[1])) : part);
    }
    return element;
}
