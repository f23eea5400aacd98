import { Empty } from "../../ui/Empty";
import { PageHead } from "../../ui/PageHead";

export function ModelPage() {
  return (
    <>
      <PageHead title="Model" />
      <Empty title="This page is not built yet" />
    </>
  );
}
