import type { Role, Scope } from '@bellwether/contracts';
import type { GeneratedAlways, JSONColumnType } from 'kysely';

export interface UsersTable {
  id: string;
  email: string;
  name: string;
  role: Role;
  locale: 'en' | 'zh-CN';
  password_hash: string;
  created_at: Date;
}

export interface SessionsTable {
  token_hash: string;
  user_id: string;
  created_at: Date;
  expires_at: Date;
}

export interface ApiKeysTable {
  id: string;
  name: string;
  scopes: Scope[];
  prefix: string;
  key_hash: string;
  created_at: Date;
  last_used_at: Date | null;
  revoked_at: Date | null;
}

export interface SettingsTable {
  key: string;
  value: unknown;
}

export interface SinkMailsTable {
  id: GeneratedAlways<number>;
  mail_to: string;
  mail_from: string;
  subject: string;
  html: string;
  body: string;
  headers: JSONColumnType<Record<string, string>>;
  at: Date;
}
