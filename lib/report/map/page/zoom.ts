import type { Box } from '../layout/diagram';
import { elementOf } from './dom';

const MIN = 0.2;
const MAX = 2.5;
const STEP = 1.25;
/** Minimum scale for readable text. */
const LEGIBLE = 0.7;

/** Zoom of the diagram, and scrolling by dragging its background. */
export class Zoom {
  private scale = 1;
  private diagram: Box = { width: 1, height: 1 };
  private readonly percentage = elementOf('zoom');

  constructor(private readonly canvas: HTMLElement) {
    elementOf('zoom-in').addEventListener('click', () => this.to(this.scale * STEP));
    elementOf('zoom-out').addEventListener('click', () => this.to(this.scale / STEP));
    elementOf('fit').addEventListener('click', () => this.fit(MIN));
    canvas.addEventListener('wheel', (event) => this.onWheel(event), { passive: false });
    canvas.addEventListener('pointerdown', (event) => this.drag(event));
  }

  public show(diagram: Box): void {
    this.diagram = diagram;
    this.fit();
    this.canvas.scrollTo(0, 0);
  }

  /** Fits the diagram into the canvas, at a readable scale. */
  public fit(least = LEGIBLE): void {
    const { clientWidth, clientHeight } = this.canvas;
    if (clientWidth === 0) return;
    const { width, height } = this.diagram;
    this.to(Math.min(1, Math.max(least, Math.min(clientWidth / width, clientHeight / height))));
  }

  private to(scale: number, at = { x: this.canvas.clientWidth / 2, y: this.canvas.clientHeight / 2 }): void {
    const before = this.scale;
    this.scale = Math.min(MAX, Math.max(MIN, scale));
    const svg = this.canvas.querySelector('svg');
    svg?.setAttribute('width', String(Math.round(this.diagram.width * this.scale)));
    svg?.setAttribute('height', String(Math.round(this.diagram.height * this.scale)));
    const { scrollLeft, scrollTop } = this.canvas;
    const ratio = this.scale / before;
    this.canvas.scrollTo((scrollLeft + at.x) * ratio - at.x, (scrollTop + at.y) * ratio - at.y);
    this.percentage.textContent = `${Math.round(this.scale * 100)} %`;
  }

  private onWheel(event: WheelEvent): void {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const { left, top } = this.canvas.getBoundingClientRect();
    this.to(this.scale * Math.exp(-event.deltaY / 400), { x: event.clientX - left, y: event.clientY - top });
  }

  private drag(start: PointerEvent): void {
    const isCard = start.target instanceof Element && start.target.closest('[data-card]') !== null;
    if (start.button !== 0 || start.pointerType === 'touch' || isCard) return;
    const { scrollLeft, scrollTop } = this.canvas;
    const move = ({ clientX, clientY }: PointerEvent) =>
      this.canvas.scrollTo(scrollLeft - clientX + start.clientX, scrollTop - clientY + start.clientY);
    const end = () => {
      this.canvas.classList.remove('dragged');
      this.canvas.removeEventListener('pointermove', move);
    };
    this.canvas.classList.add('dragged');
    this.canvas.setPointerCapture(start.pointerId);
    this.canvas.addEventListener('pointermove', move);
    this.canvas.addEventListener('pointerup', end, { once: true });
    this.canvas.addEventListener('pointercancel', end, { once: true });
  }
}
