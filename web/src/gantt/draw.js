// Draws the lanes, the axis, and the marks over them.

import { chartFont } from '../plot.js';
import { tierMark, tierToken, token } from '../theme.js';
import { ticksThatFit, timeLabel, timeTicks } from '../time_axis.js';
import { counted } from '../format.js';
import { fateTokens, valid } from './fates.js';
import { makePalette, shadeOf } from './raster.js';
import { axisHeight, headerHeight } from './layout.js';

const timedOut = 1; // core::JobState

/** The colours of the moment; read once per change, because style look-ups are slow. */
export function readColours(tiers) {
  const paper = token('tint');
  return {
    ink: token('ink'),
    soft: token('ink-2'),
    grid: token('grid'),
    paper,
    blank: token('paper'),
    fates: fateTokens.map((name) => name && token(name)),
    tiers: tiers.map((_, i) => token(tierToken(i))),
    palettes: tiers.map((_, i) => makePalette(token(tierToken(i)), paper)),
  };
}

/** Paints the bars of a lane; returns the pieces that are wide enough to carry a mark or a name. */
export function drawBand(ctx, scene, place) {
  const { model, layout, scale, ratio, raster, colours, view } = scene;
  const lane = model.lanes[place];
  const band = layout.bands[place];
  const width = Math.round(scale.width * ratio);
  const height = Math.round(band.height * ratio);
  const perCore = height / lane.pieces.cores;
  const perSecond = scale.perSecond * ratio;
  const { start, end, low, high, bar } = lane.pieces;
  const { fate } = model.gantt;
  const wide = [];
  const marked = [];
  raster.resize(width, height);
  lane.pieces.forEach(view.min, view.max, (i) => {
    const x0 = (start[i] - view.min) * perSecond;
    const x1 = (end[i] - view.min) * perSecond;
    const y0 = low[i] * perCore;
    const y1 = high[i] * perCore;
    // A hairline between neighbours, where there is room for one.
    const gapX = x1 - x0 > 4 * ratio ? ratio : 0;
    const gapY = y1 - y0 > 4 * ratio ? ratio / 2 : 0;
    if (fate && fate[bar[i]] !== valid) marked.push([i, gapX / ratio, gapY / ratio]);
    else raster.add(x0, x1 - gapX, y0, y1 - gapY, shadeOf(model.gantt.job[bar[i]]));
    if (x1 - x0 > 6 * ratio && y1 - y0 > 3 * ratio) wide.push(i);
  });
  paintPixels(ctx, scene, band, colours.palettes[lane.tier]);
  for (const [i, gapX, gapY] of marked) drawFate(ctx, scene, lane, band, i, gapX, gapY);
  drawMarks(ctx, scene, lane, band, wide);
}

/** A replica that came to no good, never narrower than can be seen. */
function drawFate(ctx, { model, scale, colours }, lane, band, i, gapX, gapY) {
  const { start, end, low, high, bar } = lane.pieces;
  const perCore = band.height / lane.pieces.cores;
  const x0 = Math.max(scale.x(start[i]), 0);
  const x1 = Math.min(scale.x(end[i]) - gapX, scale.width);
  const height = Math.max((high[i] - low[i]) * perCore - gapY, 1.5);
  ctx.fillStyle = colours.fates[model.gantt.fate[bar[i]]];
  ctx.fillRect(x0, band.top + low[i] * perCore, Math.max(x1 - x0, 1.5), height);
}

/** By way of a canvas of its own, because putImageData ignores the transform of the target. */
function paintPixels(ctx, { raster, pixels, ratio }, band, palette) {
  const { width, height } = raster;
  pixels.width = width;
  pixels.height = height;
  const own = pixels.getContext('2d');
  const image = own.createImageData(width, height);
  raster.write(new Uint32Array(image.data.buffer), palette);
  own.putImageData(image, 0, 0);
  ctx.drawImage(pixels, 0, band.top, width / ratio, height / ratio);
}

/** A contrasting end where a job was stopped at its limit, and the job's number where it fits. */
function drawMarks(ctx, scene, lane, band, pieces) {
  const { model, scale, colours } = scene;
  const perCore = band.height / lane.pieces.cores;
  ctx.font = chartFont.replace('12px', '11px');
  ctx.textBaseline = 'middle';
  for (const i of pieces) {
    const bar = lane.pieces.bar[i];
    const x0 = Math.max(scale.x(lane.pieces.start[i]), 0);
    const x1 = Math.min(scale.x(lane.pieces.end[i]), scale.width);
    const y0 = band.top + lane.pieces.low[i] * perCore;
    const y1 = band.top + lane.pieces.high[i] * perCore;
    ctx.fillStyle = colours.ink;
    const stopped =
      model.gantt.state[bar] === timedOut && scale.x(lane.pieces.end[i]) <= scale.width;
    if (stopped) ctx.fillRect(x1 - 3, y0, 2, y1 - y0 - 0.5);
    const name = String(model.gantt.job[bar]);
    if (y1 - y0 < 13 || x1 - x0 < 12 + name.length * 7) continue;
    ctx.fillStyle = textOn(scene, lane.tier, bar);
    ctx.fillText(name, x0 + 5, (y0 + y1) / 2 + 0.5);
  }
}

/** Black or white, whichever stands out more on a bar. */
function textOn({ model, colours }, tier, bar) {
  if (model.gantt.fate && model.gantt.fate[bar] !== valid) return colours.blank;
  const job = model.gantt.job[bar];
  const palette = colours.palettes[tier];
  const levels = 64;
  const pixel = palette[Math.round((shadeOf(job) / 3) * 31) * levels + levels - 1];
  const [r, g, b] = [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255].map((part) =>
    part / 255 <= 0.04045 ? part / 3294.6 : ((part / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18 ? '#000000' : '#ffffff';
}

/** The line over a lane: mark and name of the class, cores, tier. */
export function drawHeader(ctx, scene, place) {
  const { model, layout, colours, tiers, scale } = scene;
  const lane = model.lanes[place];
  const y = layout.bands[place].header + headerHeight / 2 + 1;
  ctx.textBaseline = 'middle';
  ctx.font = chartFont;
  ctx.fillStyle = colours.tiers[lane.tier];
  ctx.fillText(tierMark(lane.tier), 0, y);
  ctx.font = `600 ${chartFont}`;
  ctx.fillStyle = colours.ink;
  const name = fitted(ctx, lane.name, scale.width * 0.6);
  ctx.fillText(name, 18, y);
  const end = 18 + ctx.measureText(name).width;
  ctx.font = chartFont;
  ctx.fillStyle = colours.soft;
  const tier = tiers[lane.tier].name;
  const about = `${counted(lane.cores, 'core')}${tier === lane.name ? '' : `, tier ${tier}`}`;
  ctx.fillText(fitted(ctx, about, scale.width - end - 10), end + 10, y);
}

function fitted(ctx, text, width) {
  if (ctx.measureText(text).width <= width) return text;
  let short = text;
  while (short.length > 1 && ctx.measureText(`${short}…`).width > width) {
    short = short.slice(0, -1);
  }
  return `${short}…`;
}

export function drawAxis(ctx, scene) {
  const { layout, scale, colours, view } = scene;
  const { step, ticks } = timeTicks(view.min, view.max, ticksThatFit(scale.width, view.span));
  ctx.font = chartFont;
  ctx.textBaseline = 'middle';
  ctx.fillStyle = colours.soft;
  for (const at of ticks) {
    const x = Math.round(scale.x(at)) + 0.5;
    ctx.strokeStyle = colours.grid;
    ctx.lineWidth = 1;
    ctx.beginPath();
    for (const band of layout.bands) {
      ctx.moveTo(x, band.top + band.height);
      ctx.lineTo(x, band.top + band.height + 5);
    }
    ctx.stroke();
    const text = timeLabel(at, step);
    const half = ctx.measureText(text).width / 2;
    ctx.fillText(
      text,
      Math.min(Math.max(x - half, 0), scale.width - 2 * half),
      layout.axisTop + axisHeight / 2 - 4,
    );
  }
}

/** Outlines every piece of the chosen job, on all lanes. */
export function drawOutline(ctx, scene, job) {
  const { model, layout, scale, colours, view } = scene;
  const bars = new Set(model.barsOfJob.get(job) ?? []);
  for (const bar of bars) {
    const place = model.placeOf.get(model.gantt.lane[bar]);
    if (place === undefined) continue;
    const { pieces } = model.lanes[place];
    const band = layout.bands[place];
    const perCore = band.height / pieces.cores;
    const start = model.gantt.start_s[bar];
    pieces.forEach(
      Math.max(start, view.min),
      Math.min(start + model.gantt.duration_s[bar], view.max),
      (i) => {
        if (pieces.bar[i] !== bar) return;
        const x0 = Math.max(scale.x(pieces.start[i]), -4);
        const x1 = Math.min(scale.x(pieces.end[i]), scale.width + 4);
        const y0 = band.top + pieces.low[i] * perCore;
        const h = Math.max((pieces.high[i] - pieces.low[i]) * perCore, 2);
        ctx.lineWidth = 4;
        ctx.strokeStyle = colours.paper;
        ctx.strokeRect(x0 - 0.5, y0 - 0.5, Math.max(x1 - x0, 2) + 1, h + 1);
        ctx.lineWidth = 2;
        ctx.strokeStyle = colours.ink;
        ctx.strokeRect(x0 - 0.5, y0 - 0.5, Math.max(x1 - x0, 2) + 1, h + 1);
      },
    );
  }
}

/** The span that the mouse is selecting. */
export function drawSelection(ctx, scene, from, to) {
  ctx.fillStyle = scene.colours.ink;
  ctx.globalAlpha = 0.14;
  for (const band of scene.layout.bands) {
    ctx.fillRect(Math.min(from, to), band.top, Math.abs(to - from), band.height);
  }
  ctx.globalAlpha = 1;
}
