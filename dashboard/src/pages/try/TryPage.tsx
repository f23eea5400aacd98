import { Empty } from "../../ui/Empty";
import { PageHead } from "../../ui/PageHead";

export function TryPage() {
  return (
    <>
      <PageHead title="Try" />
      <Empty title="This page is not built yet" />
    </>
  );
}
