// The part of React 18's interface that the dashboard uses: Debian has no type package for it.

declare module "react" {
  export type Key = string | number;
  export type ReactNode = ReactElement | string | number | boolean | null | undefined | ReactNode[];
  export interface ReactElement {
    type: unknown;
    props: unknown;
    key: Key | null;
  }
  export interface RefObject<T> {
    readonly current: T | null;
  }
  export interface MutableRefObject<T> {
    current: T;
  }
  export type Ref<T> = RefObject<T> | ((element: T | null) => void) | null;
  export type FunctionComponent<P> = (props: P) => ReactElement | null;
  export type ComponentType<P> = FunctionComponent<P>;
  export type CSSProperties = { [name: string]: string | number | undefined };
  export type SetStateAction<S> = S | ((before: S) => S);
  export type Dispatch<A> = (action: A) => void;
  export type EffectCallback = () => void | (() => void);
  export interface Context<T> {
    Provider: FunctionComponent<{ value: T; children?: ReactNode }>;
  }

  export interface SyntheticEvent<T = Element> {
    readonly currentTarget: T;
    readonly target: EventTarget;
    readonly nativeEvent: Event;
    preventDefault(): void;
    stopPropagation(): void;
  }
  export interface MouseEvent<T = Element> extends SyntheticEvent<T> {
    readonly clientX: number;
    readonly clientY: number;
    readonly button: number;
    readonly ctrlKey: boolean;
    readonly metaKey: boolean;
    readonly shiftKey: boolean;
  }
  export interface PointerEvent<T = Element> extends MouseEvent<T> {
    readonly pointerId: number;
    readonly pointerType: string;
  }
  export interface KeyboardEvent<T = Element> extends SyntheticEvent<T> {
    readonly key: string;
    readonly altKey: boolean;
    readonly ctrlKey: boolean;
    readonly metaKey: boolean;
    readonly shiftKey: boolean;
  }
  export interface ChangeEvent<T = Element> extends SyntheticEvent<T> {
    readonly target: EventTarget & T;
  }
  export interface DragEvent<T = Element> extends MouseEvent<T> {
    readonly dataTransfer: DataTransfer;
  }
  export type FormEvent<T = Element> = SyntheticEvent<T>;
  export type FocusEvent<T = Element> = SyntheticEvent<T>;

  export function useState<S>(initial: S | (() => S)): [S, Dispatch<SetStateAction<S>>];
  export function useReducer<S, A>(reducer: (state: S, action: A) => S, initial: S): [S, Dispatch<A>];
  export function useEffect(effect: EffectCallback, dependencies?: readonly unknown[]): void;
  export function useLayoutEffect(effect: EffectCallback, dependencies?: readonly unknown[]): void;
  export function useMemo<T>(make: () => T, dependencies: readonly unknown[]): T;
  export function useCallback<F extends (...values: never[]) => unknown>(callback: F, dependencies: readonly unknown[]): F;
  export function useRef<T>(initial: T): MutableRefObject<T>;
  export function useRef<T>(initial: T | null): RefObject<T>;
  export function useContext<T>(context: Context<T>): T;
  export function useId(): string;
  export function useDeferredValue<T>(value: T): T;
  export function useTransition(): [boolean, (change: () => void) => void];
  export function useSyncExternalStore<T>(subscribe: (changed: () => void) => () => void, snapshot: () => T): T;
  export function startTransition(change: () => void): void;
  export function createContext<T>(value: T): Context<T>;
  export function memo<P>(component: FunctionComponent<P>, areEqual?: (before: P, after: P) => boolean): FunctionComponent<P>;
  export function lazy<P>(load: () => Promise<{ default: FunctionComponent<P> }>): FunctionComponent<P>;

  export class Component<P = {}, S = {}> {
    constructor(props: P);
    readonly props: P & { children?: ReactNode };
    state: S;
    setState(change: Partial<S>): void;
    render(): ReactNode;
    componentDidCatch?(error: Error, info: unknown): void;
  }
  export const Fragment: FunctionComponent<{ children?: ReactNode }>;
  export const StrictMode: FunctionComponent<{ children?: ReactNode }>;
  export const Suspense: FunctionComponent<{ children?: ReactNode; fallback?: ReactNode }>;
}

declare module "react/jsx-runtime" {
  import type { ReactElement } from "react";
  export function jsx(type: unknown, props: unknown, key?: unknown): ReactElement;
  export function jsxs(type: unknown, props: unknown, key?: unknown): ReactElement;
  export const Fragment: unknown;
}

declare module "react-dom/client" {
  import type { ReactNode } from "react";
  export function createRoot(container: Element): { render(node: ReactNode): void; unmount(): void };
}

declare namespace JSX {
  type Element = import("react").ReactElement;
  type ElementClass = import("react").Component<any, any>;
  interface ElementAttributesProperty {
    props: {};
  }
  interface ElementChildrenAttribute {
    children: {};
  }
  interface IntrinsicAttributes {
    key?: import("react").Key;
  }
  interface IntrinsicClassAttributes<T> {
    key?: import("react").Key;
    ref?: import("react").Ref<T>;
  }

  type Handler<E> = (event: E) => void;

  /** What every element takes; there is deliberately no `dangerouslySetInnerHTML`. */
  interface Common<T> {
    key?: import("react").Key;
    ref?: import("react").Ref<T>;
    children?: import("react").ReactNode;
    id?: string;
    className?: string;
    style?: import("react").CSSProperties;
    title?: string;
    lang?: string;
    hidden?: boolean;
    role?: string;
    tabIndex?: number;
    onClick?: Handler<import("react").MouseEvent<T>>;
    onDoubleClick?: Handler<import("react").MouseEvent<T>>;
    onPointerMove?: Handler<import("react").PointerEvent<T>>;
    onPointerDown?: Handler<import("react").PointerEvent<T>>;
    onPointerUp?: Handler<import("react").PointerEvent<T>>;
    onPointerEnter?: Handler<import("react").PointerEvent<T>>;
    onPointerLeave?: Handler<import("react").PointerEvent<T>>;
    onKeyDown?: Handler<import("react").KeyboardEvent<T>>;
    onKeyUp?: Handler<import("react").KeyboardEvent<T>>;
    onFocus?: Handler<import("react").FocusEvent<T>>;
    onBlur?: Handler<import("react").FocusEvent<T>>;
    onChange?: Handler<import("react").ChangeEvent<T>>;
    onInput?: Handler<import("react").FormEvent<T>>;
    onSubmit?: Handler<import("react").FormEvent<T>>;
    onCancel?: Handler<import("react").SyntheticEvent<T>>;
    onClose?: Handler<import("react").SyntheticEvent<T>>;
    onToggle?: Handler<import("react").SyntheticEvent<T>>;
    onScroll?: Handler<import("react").SyntheticEvent<T>>;
    onDragOver?: Handler<import("react").DragEvent<T>>;
    onDragLeave?: Handler<import("react").DragEvent<T>>;
    onDrop?: Handler<import("react").DragEvent<T>>;
    [attribute: `aria-${string}`]: string | number | boolean | undefined;
    [attribute: `data-${string}`]: string | number | boolean | undefined;
  }

  interface HTMLAttributes<T> extends Common<T> {
    href?: string;
    target?: string;
    rel?: string;
    download?: string | boolean;
    type?: string;
    name?: string;
    value?: string | number;
    defaultValue?: string | number;
    checked?: boolean;
    disabled?: boolean;
    readOnly?: boolean;
    required?: boolean;
    autoFocus?: boolean;
    autoComplete?: string;
    spellCheck?: boolean;
    placeholder?: string;
    min?: number | string;
    max?: number | string;
    step?: number | string;
    maxLength?: number;
    rows?: number;
    list?: string;
    accept?: string;
    multiple?: boolean;
    htmlFor?: string;
    open?: boolean;
    colSpan?: number;
    rowSpan?: number;
    scope?: string;
    dateTime?: string;
    label?: string;
    inputMode?: string;
    size?: number;
  }

  interface SVGAttributes<T> extends Common<T> {
    viewBox?: string;
    preserveAspectRatio?: string;
    width?: number | string;
    height?: number | string;
    x?: number | string;
    y?: number | string;
    x1?: number | string;
    x2?: number | string;
    y1?: number | string;
    y2?: number | string;
    cx?: number | string;
    cy?: number | string;
    r?: number | string;
    rx?: number | string;
    ry?: number | string;
    d?: string;
    points?: string;
    transform?: string;
    fill?: string;
    fillOpacity?: number;
    opacity?: number;
    stroke?: string;
    strokeWidth?: number | string;
    strokeDasharray?: string;
    strokeOpacity?: number;
    strokeLinecap?: string;
    strokeLinejoin?: string;
    vectorEffect?: string;
    textAnchor?: string;
    dominantBaseline?: string;
    dy?: number | string;
    dx?: number | string;
    clipPath?: string;
    patternUnits?: string;
    patternTransform?: string;
    focusable?: boolean | "false";
    markerEnd?: string;
    markerWidth?: number | string;
    markerHeight?: number | string;
    refX?: number | string;
    refY?: number | string;
    orient?: string;
    offset?: string | number;
    stopColor?: string;
    stopOpacity?: number;
  }

  type HTMLElements = { [Tag in keyof HTMLElementTagNameMap]: HTMLAttributes<HTMLElementTagNameMap[Tag]> };
  type SVGElements = {
    [Tag in Exclude<keyof SVGElementTagNameMap, keyof HTMLElementTagNameMap>]: SVGAttributes<SVGElementTagNameMap[Tag]>;
  };
  interface IntrinsicElements extends HTMLElements, SVGElements {}
}
