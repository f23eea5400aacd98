import { Empty } from "../../ui/Empty";
import { PageHead } from "../../ui/PageHead";

export function QueuesPage() {
  return (
    <>
      <PageHead title="Queues" />
      <Empty title="This page is not built yet" />
    </>
  );
}
