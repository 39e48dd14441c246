import { type Command, Option } from 'commander';

/**
 * What is said of Azure on the command line, the same for every command; `readConfig` reads it. Commands that ask Azure
 * anyway leave --azure and --no-azure out: `withSwitch` false.
 */
export function addAzureOptions(program: Command, withSwitch = true): Command {
  if (withSwitch) {
    program.option('--azure', 'ask Azure as well, with credentials that need nobody');
    program.option('--no-azure', 'never ask Azure');
  }
  return program
    .addOption(new Option('--azure-cloud <name>', 'public, us-government or china'))
    .option('--tenant <id>', 'the Entra tenant to sign in to')
    .option('--subscription <id>', 'the subscription of the managed cluster')
    .option('--resource-group <name>', 'its resource group')
    .option('--cluster <name>', 'its name in Azure')
    .option('--workspace <id>', 'the Log Analytics workspace: its GUID or resource ID')
    .option('--managed-identity', "ask this machine's own identity for tokens, too");
}
