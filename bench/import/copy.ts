import type { Client, Connection, QueryResult } from 'pg';

/** What the driver calls on a query while the server answers it. It knows COPY's messages and offers no API for them. */
interface Submitted {
  submit(connection: Connection): void;
  handleCopyInResponse(connection: Connection): void;
  handleCopyData(message: { chunk: Buffer }): void;
  handleCommandComplete(): void;
  handleReadyForQuery(): void;
  handleError(error: Error): void;
  handleRowDescription(): void;
}

/** What the driver's connection can do and its types leave out. */
interface CopyConnection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/** Bytes sent in one message. */
const chunkSize = 64 * 1024;

/** `COPY … FROM STDIN` with these bytes, as fast as the connection takes them. */
export async function copyIn(client: Client, statement: string, bytes: Buffer): Promise<void> {
  await submit(client, statement, (connection) => {
    for (let from = 0; from < bytes.length; from += chunkSize) {
      connection.sendCopyFromChunk(bytes.subarray(from, from + chunkSize));
    }
    connection.endCopyFrom();
  });
}

/** What `COPY … TO STDOUT` gives. */
export function copyOut(client: Client, statement: string): Promise<Buffer> {
  return submit(client, statement, () => undefined);
}

function submit(client: Client, statement: string, send: (connection: CopyConnection) => void): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let failure: Error | null = null;
    const copy: Submitted = {
      submit: (connection) => (connection as unknown as CopyConnection).query(statement),
      handleCopyInResponse: (connection) => send(connection as unknown as CopyConnection),
      // The driver goes on using the memory that it points to.
      handleCopyData: ({ chunk }) => chunks.push(Buffer.from(chunk)),
      handleCommandComplete: () => undefined,
      handleRowDescription: () => undefined,
      handleError: (error) => {
        failure = error;
        reject(error);
      },
      handleReadyForQuery: () => {
        if (failure === null) resolve(Buffer.concat(chunks));
      },
    };
    void client.query(copy as unknown as Parameters<Client['query']>[0] & QueryResult);
  });
}
