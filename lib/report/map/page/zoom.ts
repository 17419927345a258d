import type { Box } from '../layout/diagram';

const MIN = 0.2;
const MAX = 2.5;
const STEP = 1.25;
/** Largest scale of the initial view. The smallest is 1: texts are at least 12 pixels then. */
const ROOMY = 1.15;

/** Zoom of the diagram, and scrolling by dragging its background. */
export class Zoom {
  private scale = 1;
  private diagram: Box = { width: 1, height: 1 };

  constructor(private readonly canvas: HTMLElement) {
    canvas.addEventListener('wheel', (event) => this.onWheel(event), { passive: false });
    canvas.addEventListener('pointerdown', (event) => this.drag(event));
  }

  /** Sets the size of the drawn diagram. */
  public resize(diagram: Box): void {
    this.diagram = diagram;
    this.to(this.scale);
  }

  /** Shows the whole diagram at a readable scale. False if it does not fit. */
  public start(): boolean {
    this.to(Math.min(ROOMY, Math.max(1, this.fit)));
    return this.fit >= 1;
  }

  public act(action: 'in' | 'out' | 'fit'): void {
    if (action === 'fit') this.to(Math.min(ROOMY, this.fit));
    else this.to(action === 'in' ? this.scale * STEP : this.scale / STEP);
  }

  /** The scale at which the whole diagram is visible. */
  private get fit(): number {
    const { clientWidth, clientHeight } = this.canvas;
    return Math.min(clientWidth / this.diagram.width, clientHeight / this.diagram.height);
  }

  /** Zooms in to a scale at which texts can be read, unless they can. */
  public read(): void {
    if (this.scale < 1) this.to(1);
  }

  private to(scale: number, at = { x: this.canvas.clientWidth / 2, y: this.canvas.clientHeight / 2 }): void {
    const before = this.scale;
    this.scale = Math.min(MAX, Math.max(MIN, scale));
    const svg = this.canvas.querySelector('svg');
    svg?.style.setProperty('width', `${Math.round(this.diagram.width * this.scale)}px`);
    svg?.style.setProperty('height', `${Math.round(this.diagram.height * this.scale)}px`);
    const { scrollLeft, scrollTop } = this.canvas;
    const ratio = this.scale / before;
    this.canvas.scrollTo((scrollLeft + at.x) * ratio - at.x, (scrollTop + at.y) * ratio - at.y);
  }

  private onWheel(event: WheelEvent): void {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const { left, top } = this.canvas.getBoundingClientRect();
    this.to(this.scale * Math.exp(-event.deltaY / 400), { x: event.clientX - left, y: event.clientY - top });
  }

  private drag(start: PointerEvent): void {
    const isPart =
      start.target instanceof Element && start.target.closest('[data-unit],[data-calls],[data-group]');
    if (start.button !== 0 || start.pointerType === 'touch' || isPart) return;
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
    this.canvas.addEventListener('lostpointercapture', end, { once: true });
  }
}
