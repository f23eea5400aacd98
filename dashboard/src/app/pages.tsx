import type { ReactElement } from "react";
import { ModelPage } from "../pages/model/ModelPage";
import { OverviewPage } from "../pages/overview/OverviewPage";
import { PredictionsPage } from "../pages/predictions/PredictionsPage";
import { QueuesPage } from "../pages/queues/QueuesPage";
import { TryPage } from "../pages/try/TryPage";
import type { IconName } from "../ui/Icon";

export interface PageEntry {
  /** First segment of the hash. */
  path: string;
  title: string;
  icon: IconName;
  /** Key that goes there after `g`. */
  key: string;
  render: () => ReactElement;
}

/** The pages, in the order of the navigation. */
export const pages: readonly PageEntry[] = [
  { path: "", title: "Overview", icon: "overview", key: "o", render: () => <OverviewPage /> },
  { path: "try", title: "Try it", icon: "try", key: "t", render: () => <TryPage /> },
  { path: "predictions", title: "Predictions", icon: "predictions", key: "p", render: () => <PredictionsPage /> },
  { path: "model", title: "Model", icon: "model", key: "m", render: () => <ModelPage /> },
  { path: "queues", title: "Queues", icon: "queues", key: "q", render: () => <QueuesPage /> },
];
