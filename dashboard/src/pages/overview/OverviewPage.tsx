import { Empty } from "../../ui/Empty";
import { PageHead } from "../../ui/PageHead";

export function OverviewPage() {
  return (
    <>
      <PageHead title="Overview" />
      <Empty title="This page is not built yet" />
    </>
  );
}
