import { Empty } from "../../ui/Empty";
import { PageHead } from "../../ui/PageHead";

export function PredictionsPage() {
  return (
    <>
      <PageHead title="Predictions" />
      <Empty title="This page is not built yet" />
    </>
  );
}
